/// A damaged repository beside a whole store and folder: what is lost is written again from there, each
/// content checked by its hash.
#pragma once

#include <string>
#include <vector>

#include "git/damage.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// What the remote, which may have what is lost, has been asked.
enum class RemoteAsked {
    no,
    in_vain,  ///< It could not be reached.
    yes,
};

struct Mended {
    std::vector<std::string> told;      ///< A line for each piece of damage.
    std::vector<git::LostObject> lost;  ///< What nobody here has.
    bool head_is_whole = true;          ///< Its commit and trees are there: work can go on.
    bool wants_remote = false;          ///< It may have what is lost.
};

/// Mends references, objects and packs. Where HEAD's commit or its trees stay lost, and the remote has not
/// got them, HEAD's branch goes back to its last commit that is whole, and what the folder has since is left
/// to the next commit. Nothing is lost of what is damaged: it is kept in .git/lost-found/damaged. Local lane.
/// Throws what keeps it from looking; then nothing is decided.
Mended mend_repository(SyncContext& context, const GitOptions& options, RemoteAsked asked);

/// The references alone, which costs little. Returns a line for each.
std::vector<std::string> mend_references(const SyncContext& context, const GitOptions& options);

/// What to say, and do, about the first of these.
std::string words_of_loss(const std::vector<git::LostObject>& lost, bool has_remote);

}  // namespace fluentsync::sync
