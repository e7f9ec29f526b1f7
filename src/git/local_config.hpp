/// The repository's own configuration file, changed at one stroke.
#pragma once

#include <git2.h>

#include <functional>

namespace fluentsync::git {

/// Runs `change` on the file's configuration under its lock, and writes it when `change` returns 0; else
/// nothing is written and its answer is returned. A lock that a crash left behind is taken away. Never by the
/// repository's git_config, which writes to the person's own where it could not see the repository's.
int change_local_config(git_repository* repository, const std::function<int(git_config*)>& change);

}  // namespace fluentsync::git
