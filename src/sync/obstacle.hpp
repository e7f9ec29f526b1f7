/// What a pull finds in the place of a file that it is to write.
#pragma once

#include <string>

#include "runtime/file_system.hpp"

namespace fluentsync::sync {

/// Why nothing can be written at `path`: something that is no file stands there, or something that is no
/// folder above it. One line, what to do; empty: the way is free. An empty folder in the way is removed.
std::string obstacle(runtime::Folder& folder, const std::string& path);

}  // namespace fluentsync::sync
