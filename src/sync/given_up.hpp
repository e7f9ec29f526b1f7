/// What pulls that failed half-way, and were given up, have brought here all the same.
#pragma once

#include <map>
#include <string>

#include "git/tree.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Path to the remote's version.
using RemoteFiles = std::map<std::string, git::TreeFile>;

/// In the transaction that gives up a pull: "<target commit> <commit HEAD was at, or ->".
void note_given_up(store::Connection& connection, const std::string& pull);
/// Once a pull has gone through.
void forget_given_up(store::Connection& connection);

/// The remote's versions of files that are still here as a given-up pull wrote them. They count as local
/// work, so that nothing waits for the remote; but they are no edits against it: what it does to them later
/// applies.
RemoteFiles given_up_files(GitContext& git);

}  // namespace fluentsync::sync
