/// What a process that dies at work leaves.
#pragma once

#include <string>

#include "git/repository.hpp"

namespace fluentsync::git {

/// Removes temporary files of libgit2 and of ours among the objects that nobody has touched for an hour: a
/// half-written object or pack. Fetched packs that a dead process did not come to judge go at once. git takes
/// away its own alone, so these would pile up. And locks whose work was done two seconds ago.
void remove_leftovers(git_repository* repository);

/// Removes from a work tree what libgit2 tries out there while it makes a repository: an empty file, then a
/// link to nothing.
void remove_trials(const std::string& folder);

}  // namespace fluentsync::git
