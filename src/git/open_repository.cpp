#include "git/open_repository.hpp"

#include "git/safe_directory.hpp"

namespace fluentsync {

int git::open_exactly(RepositoryPtr& repository, const std::string& folder) {
    int code =
        git_repository_open_ext(out(repository), folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    if (code >= 0 || !other_owner(folder)) return code;
    if (!is_safe_directory(folder)) return GIT_EOWNER;
    // libgit2 compares owners there alone.
    code = git_repository_open_bare(out(repository), (folder + "/.git").c_str());
    return code < 0 ? code : git_repository_set_workdir(repository.get(), folder.c_str(), 0);
}

int git::make_repository(RepositoryPtr& repository, const std::string& folder, const std::string& branch) {
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = branch.c_str();
    return git_repository_init_ext(out(repository), folder.c_str(), &options);
}

}  // namespace fluentsync
