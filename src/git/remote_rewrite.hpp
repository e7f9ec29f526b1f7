/// The configuration's url.<base>.insteadOf rules.
#pragma once

#include <git2.h>

#include <string>

namespace fluentsync::git {

/// `url` as the rules have it; for pushes pushInsteadOf goes first. libgit2 1.5 leaks 20 KB for each entry of
/// the configuration when it applies them itself, so remotes are made without that.
std::string rewritten_url(git_repository* repository, const std::string& url, git_direction direction);

}  // namespace fluentsync::git
