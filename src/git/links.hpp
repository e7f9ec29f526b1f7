/// Symbolic links in git's trees, and which of them may be made in the folder.
#pragma once

#include <string>
#include <string_view>

#include "base/object_id.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

/// Whether a link at `path` leads to a place below the root, and on no way out of it: relative; ".." only at
/// its beginning, where it goes up real folders (further on, what it goes up from may be another link), at
/// most to the root; not to the root itself, nor into .git or .fluentsync.
bool stays_inside(std::string_view path, std::string_view target);

/// Why a link of git's is not made here; empty: it may be. core.symlinks is obeyed, and a link that git
/// itself would read rules from (.gitignore and the like) is none that it follows.
std::string unfit_link(const Repository& repository, const std::string& path, const base::ObjectId& target);

/// Where it leads. Throws Error(too_large) for more than a system takes.
std::string link_target(const Repository& repository, const base::ObjectId& target);

}  // namespace fluentsync::git
