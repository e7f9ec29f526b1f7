/// git's configuration as git itself reads it, the environment's word included.
#pragma once

#include <git2.h>

#include "git/config_includes.hpp"

namespace fluentsync::git {

/// libgit2 1.5 asks no variable of the environment. This gives `repository` a configuration that heeds
/// GIT_CONFIG_NOSYSTEM, GIT_CONFIG_SYSTEM, GIT_CONFIG_GLOBAL (in place of ~/.gitconfig and of XDG's),
/// extensions.worktreeConfig, GIT_CONFIG_COUNT with its keys and values, and includeIf.hasconfig. Without any
/// of these the repository keeps libgit2's own. What it was made from, and needs from here on, goes to
/// `given`. Negative: libgit2's error is set.
int give_configuration(git_repository* repository, GivenConfiguration& given);

}  // namespace fluentsync::git
