/// The real disk behind the Folder port.
#pragma once

#include <memory>
#include <string>

#include "runtime/file_system.hpp"

namespace fluentsync::runtime {

/// What of the kernel may be used; tests switch it off to walk the stand-ins.
struct PosixFeatures {
    bool openat2 = true;
    bool renameat2 = true;
    bool hard_links = true;
};

std::shared_ptr<Folder> open_posix_folder(const std::string& path, bool create, PosixFeatures features);

}  // namespace fluentsync::runtime
