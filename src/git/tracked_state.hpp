/// The state folder where it is no business of git's.
#pragma once

#include <string>

#include "base/object_id.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

/// The entry at the root of this tree that some file system takes for .fluentsync, of whatever kind; empty:
/// none. Reads one tree. Throws Error(corrupt).
std::string state_folder_in(const Repository& repository, const base::ObjectId& tree);

}  // namespace fluentsync::git
