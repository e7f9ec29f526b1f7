/// libgit2's handle of a repository. For bodies of this floor only.
#pragma once

#include <string>

#include "git/library.hpp"

namespace fluentsync::git {

/// .git only where it is asked for: a folder inside some other repository is none. Returns libgit2's code.
int open_exactly(RepositoryPtr& repository, const std::string& folder);

/// A new one whose HEAD names `branch`. Returns libgit2's code: GIT_EEXISTS where there is one.
int make_repository(RepositoryPtr& repository, const std::string& folder, const std::string& branch);

}  // namespace fluentsync::git
