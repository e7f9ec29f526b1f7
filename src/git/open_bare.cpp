#include "git/open_repository.hpp"
#include "git/safe_directory.hpp"

namespace fluentsync {

// libgit2 compares owners in git_repository_open_ext() alone.
int git::open_bare(RepositoryPtr& repository, const std::string& folder) {
    const int code = git_repository_open(out(repository), folder.c_str());
    if (code >= 0 || !other_owner(folder)) return code;
    return is_safe_directory(folder) ? git_repository_open_bare(out(repository), folder.c_str()) : GIT_EOWNER;
}

}  // namespace fluentsync
