/// access() in front of libc's, also for libgit2: for one path it gives an error of the disk.
#pragma once

#include <string>

namespace fluentsync::git::test {

struct FailingAccess {
    /// `mode`: F_OK, R_OK ...
    FailingAccess(const std::string& path, int mode);
    FailingAccess(const FailingAccess&) = delete;
    ~FailingAccess();
};

}  // namespace fluentsync::git::test
