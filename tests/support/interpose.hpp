/// For tests that stand in front of libc's functions.
#pragma once

#include <dlfcn.h>
#include <unistd.h>

#include <string>

namespace fluentsync::support {

/// The function that the test's own hides.
template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// What a descriptor is open on; empty when that cannot be told.
inline std::string path_of(int fd) {
    char path[4096];
    const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof path);
    return {path, size > 0 ? static_cast<std::size_t>(size) : 0};
}

}  // namespace fluentsync::support
