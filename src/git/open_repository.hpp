/// libgit2's handle of a repository. For bodies of this floor only.
#pragma once

#include <string>

#include "git/library.hpp"

namespace fluentsync::git {

/// .git only where it is asked for: a folder inside some other repository is none. Returns libgit2's code:
/// GIT_EOWNER where it is another user's, and git's safe.directory does not name it.
int open_exactly(RepositoryPtr& repository, const std::string& folder);

/// A repository without a work tree, under the same rule.
int open_bare(RepositoryPtr& repository, const std::string& folder);

/// A new one whose HEAD names `branch`. Returns libgit2's code: GIT_EEXISTS where there is one.
int make_repository(RepositoryPtr& repository, const std::string& folder, const std::string& branch);

}  // namespace fluentsync::git
