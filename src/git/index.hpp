/// The index follows HEAD off the critical path, for the person who runs `git status`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/index_stamp.hpp"
#include "git/repository.hpp"
#include "git/tree.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::git {

enum class IndexOutcome {
    done,
    locked,     ///< index.lock is held by somebody else: try again later. It is never taken away.
    cut_short,  ///< The listener wanted no more of it; nothing was written.
};

/// Whether there is an index at all: not before the first commit, nor after somebody removed it.
bool has_index(const Repository& repository);

/// Whether what is there is no index, or not all of one: bring_index() makes it anew. Reads all of it.
bool index_is_damaged(const Repository& repository);

/// Whether a living git of somebody else holds the index at `now_ms`: a checkout changes files meanwhile.
bool index_is_locked(const Repository& repository, std::int64_t now_ms);

/// The index as it lies there. Its time is when it was replaced: a checkout moves HEAD after that, so a
/// moment later it may not be through.
IndexStamp index_stamp(const Repository& repository);

/// The same, with what stands in it: reads the file. Throws Error where it cannot be read.
IndexVersion index_version(Repository& repository);

/// What the index says of a file: its content, and the time that it had when git wrote or looked at it.
struct IndexEntry {
    TreeFile file;
    std::int64_t mtime_ns = 0;
};

/// Those of `paths` that are neither missing there nor in conflict. Reads the file; throws Error where it
/// cannot be read.
std::map<std::string, IndexEntry> index_entries(Repository& repository,
                                                const std::vector<std::string>& paths);

/// The lock file on the index, where it is so old that hardly a living git holds it; else empty.
std::string old_index_lock(const Repository& repository);

/// What the file at a path looked like when it had the content of this id. Kind none: not known, git looks
/// for itself. A stat of another content would pass for one of this: git would see no edit, or one for ever.
using KnownStat = std::function<runtime::FileStat(const std::string& path, const base::ObjectId& id)>;

/// Told of the versions of the index that bring_index() meets and makes.
struct IndexListener {
    /// This one was read.
    std::function<void(const IndexVersion& read)> read = [](const IndexVersion&) {};
    /// This one comes next: under the lock, right before the file is replaced. Its stamp is final.
    std::function<void(const IndexVersion& written)> about_to_write = [](const IndexVersion&) {};
    /// Asked now and then until then: true ends it.
    std::function<bool()> cut_short = [] { return false; };
};

/// Brings the index from tree `before` (what it was last brought to; nothing: unknown or empty) to tree
/// `after`: every path in which the two differ and whose index entry is still as in `before` (so not staged
/// by a person, and not in conflict) gets the entry of `after`, with the stat data that `known` gives, and
/// keeps the marks that a person has set (skip-worktree, assume-unchanged). A symbolic link that is not there
/// is marked skip-worktree: it was not made. Writes only when something changed. Where there is no index file
/// at all nothing is staged, and the index is made from `after` whatever `before` is. The same where the one
/// that is there is damaged: what was staged in it nobody knows, and `damaged_kept_at` says where it is kept,
/// in .git.
IndexOutcome bring_index(Repository& repository, const std::optional<base::ObjectId>& before,
                         const std::optional<base::ObjectId>& after, const KnownStat& known,
                         const IndexListener& listener = {}, std::string* damaged_kept_at = nullptr);

/// Paths in which the index differs from `tree`, for verify().
std::vector<TreeDelta> diff_index(Repository& repository, const std::optional<base::ObjectId>& tree);

}  // namespace fluentsync::git
