/// What a person's git takes back before a commit of ours had it: `reset --hard`, `checkout`, `restore`, a
/// merge that fails, or a checkout that overtook an export.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// The paths of those whose agreed version nobody would have any more: git, not an editor, has put there what
/// HEAD has (or, in the middle of an operation, what the index has), or HEAD moved to where there is nothing;
/// and neither the last commits, a place where HEAD was lately, nor the last stash has the agreed one. What
/// git wrote is known by its index, which has the file's very time: somebody who undoes an edit of their own
/// takes nothing back.
std::set<std::string> taken_back(GitContext& git, const std::vector<Overwritten>& files);

}  // namespace fluentsync::sync
