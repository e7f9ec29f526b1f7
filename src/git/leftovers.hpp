/// What libgit2 leaves in .git when its process dies.
#pragma once

#include "git/repository.hpp"

namespace fluentsync::git {

/// Removes temporary files of libgit2 among the objects that nobody has touched for an hour: a half-written
/// object or pack. git takes away its own alone, so these would pile up.
void remove_leftovers(git_repository* repository);

}  // namespace fluentsync::git
