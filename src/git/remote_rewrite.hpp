/// The configuration's url.<base>.insteadOf rules.
#pragma once

#include <git2.h>

#include <string>

namespace fluentsync::git {

struct RewrittenUrl {
    std::string url;
    /// The rule stands in the repository's own configuration, which came with the folder, whoever made that.
    bool by_repository = false;
};

/// `url` as the rules have it; for pushes pushInsteadOf goes first. libgit2 1.5 leaks 20 KB for each entry of
/// the configuration when it applies them itself, so remotes are made without that.
RewrittenUrl rewritten_url(git_repository* repository, const std::string& url, git_direction direction);

}  // namespace fluentsync::git
