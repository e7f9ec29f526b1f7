/// Two histories brought together: the merged tree, decided path by path, in memory.
#pragma once

#include <optional>
#include <vector>

#include "fluentsync/status.hpp"
#include "git/object_writer.hpp"
#include "git/tree.hpp"
#include "sync/git_context.hpp"
#include "sync/given_up.hpp"

namespace fluentsync::sync {

struct MergedTree {
    base::ObjectId tree;
    std::vector<Conflict> conflicts;  ///< To be recorded; number and time are not filled.
};

struct TreesToMerge {
    std::optional<base::ObjectId> base;  ///< Nothing: no common history.
    base::ObjectId local;
    base::ObjectId remote;
    /// Versions of the remote's that the local side was made from, whatever `base` has.
    RemoteFiles newer_base;
};

/// Merges `local` and `remote` from `base`. Edits beat deletions; texts are merged as git's attributes in the
/// folder say; an edit follows the other side's exact rename; otherwise the policy picks a winner. A removal
/// stands where the merged tree's own .gitignore files ignore the path: it was taken out of git, and each
/// machine keeps its file. Where one side has a file and the other a folder of that name, the folder stands
/// and the file becomes a conflict's loser. Under RemoteConflictPolicy::merge the result does not depend on
/// which side is called local, but for a path whose attribute says that the own side stays.
MergedTree merge_trees(GitContext& git, const TreesToMerge& trees, git::ObjectWriter& writer);

}  // namespace fluentsync::sync
