/// A signal may end any system call that waits, also on a disk.
#pragma once

#include <cerrno>

namespace fluentsync::runtime {

/// Calls once more whenever a signal has interrupted it. `call` fails as system calls do: -1, and errno.
template <class Call>
auto uninterrupted(const Call& call) {
    while (true) {
        const auto result = call();
        if (result != -1 || errno != EINTR) return result;
    }
}

}  // namespace fluentsync::runtime
