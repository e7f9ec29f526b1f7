/// Puts a symbolic link in place, or takes one away, without a window in which somebody's own could be lost.
/// What it leads to is never looked at.
#pragma once

#include <optional>
#include <string>

#include "files/safe_write.hpp"

namespace fluentsync::files {

/// Makes the link at `path` (parents are made). `expected`: where the one leads that is replaced; nothing:
/// the path must be absent. Anything else there stays: `changed`.
WriteStatus place_link(runtime::Folder& root, const std::string& path, const std::string& target,
                       const std::optional<std::string>& expected);

/// Removes the link, and empty parent folders as remove_file() does. Another one, or what is no link, stays:
/// `changed`.
WriteStatus remove_link(runtime::Folder& root, const std::string& path, const std::string& expected);

}  // namespace fluentsync::files
