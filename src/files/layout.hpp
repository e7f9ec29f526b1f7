/// Names of our own folder inside the root, and small path helpers.
#pragma once

#include <string>
#include <string_view>

namespace fluentsync::files {

inline constexpr const char* kStateFolder = ".fluentsync";
inline constexpr const char* kTemporaryFolder = ".fluentsync/tmp";
/// Where a displaced edit goes that could not be put back. Never cleaned by us.
inline constexpr const char* kRescuedFolder = ".fluentsync/rescued";
inline constexpr const char* kLockFile = ".fluentsync/lock";
inline constexpr const char* kMarkerFile = ".fluentsync/folder-id";
inline constexpr const char* kIgnoreFile = ".fluentsync/.gitignore";

/// "" is the root.
inline std::string join(std::string_view folder, std::string_view name) {
    std::string path;
    path.reserve(folder.size() + 1 + name.size());
    if (!folder.empty()) path.append(folder).push_back('/');
    return path.append(name);
}

/// The last segment of a path.
inline std::string last_segment(std::string_view path) {
    return std::string(path.substr(path.rfind('/') + 1));
}

/// The folder of a path; "" for the root.
inline std::string parent_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

}  // namespace fluentsync::files
