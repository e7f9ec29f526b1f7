/// What is mounted below an open folder.
#pragma once

#include <string>
#include <vector>

#include "runtime/file_system.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::runtime {

/// By the kernel's table of mounts; none where there is no such table.
std::vector<Mount> mounts_below(const PathResolver& resolver);

/// The paths below `root` that a text of the form of /proc/self/mountinfo has, each once, in order.
std::vector<std::string> mount_points(const std::string& mountinfo, const std::string& root);

}  // namespace fluentsync::runtime
