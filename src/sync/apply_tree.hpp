/// Git to files and store: the difference of two trees, applied path by path through the safe writer.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "git/tree.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Applies `deltas` (HEAD's tree to the new one). Each path is three-way against what is here now: an
/// uncommitted local change survives, merged or as a conflict's winner or recorded loser. Entries that must
/// not be on this disk (a link that may lead out, a submodule, an unsafe name, a file over the limit) stay in
/// git and are listed as held. Store and ledger move in one transaction a batch, with Origin::remote. Returns
/// the number of paths changed here. Applying the same again changes nothing.
///
/// `let_go`: removed paths that the new tree's own rules ignore. They were taken out of git, not deleted:
/// their files stay, as the person's own.
std::int64_t apply_tree(GitContext& git, const std::vector<git::TreeDelta>& deltas,
                        const std::set<std::string>& let_go = {});

/// Why an entry stays in git alone; empty: it may be on disk.
std::string unfit(const GitContext& git, const git::TreeDelta& delta);

}  // namespace fluentsync::sync
