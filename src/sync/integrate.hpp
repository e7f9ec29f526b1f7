/// The remote's commits brought into the local branch, folder and store.
#pragma once

#include "fluentsync/status.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Brings HEAD to contain `tip`: nothing to do, fast-forward, or a merge commit made in memory. Files and
/// store first, the branch last; a note of the target in the database lets the next start go on after a crash
/// (resume_integration()).
PullResult integrate(GitContext& git, const base::ObjectId& tip);

/// Finishes what a crash cut short, if anything.
void resume_integration(GitContext& git);

/// Named value of the database: a pull found something in the way of a file, which is in git alone since.
inline constexpr const char* kBlocked = "blocked";

/// Files that HEAD has and this folder never had (a new database beside an old repository, something that was
/// in the way): brings them in. Returns how many.
std::int64_t restore_unknown_files(GitContext& git);
/// The same, where something was in the way and may be no more. Else it costs one look at the database.
void retry_blocked_files(GitContext& git);

}  // namespace fluentsync::sync
