/// The remote's commits brought into the local branch, folder and store.
#pragma once

#include "fluentsync/status.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Brings HEAD to contain `tip`: nothing to do, fast-forward, or a merge commit made in memory. Files and
/// store first, the branch last; a note of the target in the database lets the next start go on after a crash
/// (finish_or_give_up_integration()).
PullResult integrate(GitContext& git, const base::ObjectId& tip);

/// Finishes what a crash or a failure cut short, if anything: until then the ledger says of some rows what
/// HEAD is going to have. In the middle of a person's own work it is left for later. What cannot be finished
/// now is given up, so that neither a start, a commit nor the next pull waits for it: see given_up.hpp.
void finish_or_give_up_integration(GitContext& git);

/// Named value of the database: a pull found something in the way of a file, which is in git alone since.
inline constexpr const char* kBlocked = "blocked";

/// Named value of the database: the limit that some file of a pull was over.
inline constexpr const char* kRefusedAbove = "refused_above";
/// How the reason of such a hold begins.
inline constexpr const char* kOverLimit = "over the limit";

/// Files that HEAD has and this folder never had (a new database beside an old repository, something that was
/// in the way), or has in an older version (the limit was too low): brings them in. Returns how many.
std::int64_t restore_unknown_files(GitContext& git);
/// The same, where something was in the way and may be no more. Else it costs one look at the database.
void retry_blocked_files(GitContext& git);
/// On opening: what was over an earlier, lower limit is tried again by the next commit.
void note_raised_limit(GitContext& git);

}  // namespace fluentsync::sync
