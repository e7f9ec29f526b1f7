#include "failing_access.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace fluentsync::git::test {

namespace {

std::string failing_path;
int failing_mode = 0;

}  // namespace

FailingAccess::FailingAccess(const std::string& path, int mode) {
    failing_path = path;
    failing_mode = mode;
}

FailingAccess::~FailingAccess() {
    failing_path.clear();
}

}  // namespace fluentsync::git::test

extern "C" int access(const char* path, int mode) noexcept {
    using namespace fluentsync::git::test;
    if (mode != failing_mode || path != failing_path)
        return static_cast<int>(::syscall(SYS_access, path, mode));
    errno = EIO;
    return -1;
}
