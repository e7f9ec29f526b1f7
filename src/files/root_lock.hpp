/// One process, one claim: the lock file of a root.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace fluentsync::files {

/// A POSIX record lock on .fluentsync/lock. It belongs to the process and names its holder, but it does not
/// hold between two claims of one process, and closing any descriptor of the file drops it: so a registry of
/// this process is asked before the file is opened, and nobody else here may open it.
class RootLock {
  public:
    /// `root` is the absolute path. Throws Error(folder_owned), Error(cannot_open).
    explicit RootLock(const std::string& root);
    RootLock(const RootLock&) = delete;
    RootLock& operator=(const RootLock&) = delete;
    ~RootLock();

  private:
    int descriptor_ = -1;
    std::pair<std::uint64_t, std::uint64_t> file_;
};

}  // namespace fluentsync::files
