#include "git/open_repository.hpp"

namespace fluentsync {

int git::open_exactly(RepositoryPtr& repository, const std::string& folder) {
    return git_repository_open_ext(out(repository), folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
}

int git::make_repository(RepositoryPtr& repository, const std::string& folder, const std::string& branch) {
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = branch.c_str();
    return git_repository_init_ext(out(repository), folder.c_str(), &options);
}

}  // namespace fluentsync
