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

}  // namespace fluentsync::sync
