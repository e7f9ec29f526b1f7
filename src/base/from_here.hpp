/// Relative paths of options, which count from the working directory of the moment they are given.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace fluentsync::base {

/// Absolute and otherwise untouched: links stay.
inline std::string from_here(const std::string& path) {
    if (path.empty()) {
        return path;
    }
    std::error_code no_working_directory;
    const std::filesystem::path absolute = std::filesystem::absolute(path, no_working_directory);
    return no_working_directory ? path : absolute.string();
}

}  // namespace fluentsync::base
