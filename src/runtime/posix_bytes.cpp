#include "runtime/posix_bytes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "runtime/posix_error.hpp"

namespace fluentsync::runtime {
namespace {

constexpr std::size_t kReadStep = 64 * 1024;

}  // namespace

void read_all(int fd, std::uint64_t size, std::uint64_t most, const std::string& path, std::string& out) {
    std::size_t filled = 0;
    out.resize(std::min(size + 1, most));
    while (true) {
        const auto got = ::read(fd, out.data() + filled, out.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_errno(errno, "read", path);
        filled += static_cast<std::size_t>(got);
        if (got == 0 || filled == most || filled == size) break;
        if (filled == out.size()) out.resize(std::min<std::uint64_t>(filled + kReadStep, most));
    }
    out.resize(filled);
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) throw_errno(errno, "write", path);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

void stamp_exact_time(int fd, const std::string& path) {
    timespec times[2] = {};
    times[0].tv_nsec = UTIME_OMIT;
    clock_gettime(CLOCK_REALTIME, &times[1]);
    if (futimens(fd, times) != 0) throw_errno(errno, "set the time of", path);
}

}  // namespace fluentsync::runtime
