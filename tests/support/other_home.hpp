/// The person's own git configuration, as libgit2 reads it, in another place.
#pragma once

#include <git2.h>

#include <string>

namespace fluentsync::support {

/// Repositories opened in its life read `folder`/.gitconfig.
class OtherHome {
  public:
    explicit OtherHome(const std::string& folder) {
        git_buf before = GIT_BUF_INIT;
        git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, &before);
        before_ = before.ptr;
        git_buf_dispose(&before);
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, folder.c_str());
    }
    OtherHome(const OtherHome&) = delete;
    OtherHome& operator=(const OtherHome&) = delete;
    ~OtherHome() { git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, before_.c_str()); }

  private:
    std::string before_;
};

}  // namespace fluentsync::support
