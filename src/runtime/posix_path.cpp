#include "runtime/posix_path.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "base/text.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::runtime {
namespace {

/// The kernel asks for another try when a rename ran beside it; a lease on a file looks the same, so not for
/// ever.
constexpr int kAgainAttempts = 8;

bool is_symlink(int folder, const char* name) {
    struct stat info {};
    return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
}

/// One segment, not followed. A symbolic link in place of a folder is told as ELOOP, as openat2 does.
UniqueFd open_segment(int folder, const std::string& name, int flags, unsigned mode) {
    int fd = -1;
    do
        fd = openat(folder, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    if (fd < 0 && errno == ENOTDIR) errno = is_symlink(folder, name.c_str()) ? ELOOP : ENOTDIR;
    return UniqueFd(fd);
}

}  // namespace

int off_standard_streams(int descriptor) {
    if (descriptor < 0 || descriptor > STDERR_FILENO) return descriptor;
    const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    const int kept = errno;
    ::close(descriptor);
    errno = kept;
    return moved;
}

StandardStreamsTaken::StandardStreamsTaken() {
    for (int& one : taken_) {
        const int opened = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (opened < 0 || opened > STDERR_FILENO) {
            if (opened >= 0) ::close(opened);
            return;
        }
        one = opened;
    }
}

StandardStreamsTaken::~StandardStreamsTaken() {
    for (const int one : taken_)
        if (one >= 0) ::close(one);
}

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

UniqueFd::~UniqueFd() {
    if (fd_ < 0) return;
    const int kept = errno;  // The caller may still want to read it.
    ::close(fd_);
    errno = kept;
}

void check_relative_path(const std::string& path) {
    const std::string_view whole = path;
    bool good = whole.find('\0') == std::string_view::npos;
    for (std::size_t from = 0; good && from <= whole.size();) {
        const auto segment = whole.substr(from, whole.find('/', from) - from);
        good = !segment.empty() && segment != "." && segment != "..";
        from += segment.size() + 1;
    }
    if (good) return;
    throw Error(
        ErrorCode::invalid_argument,
        "'" + base::printable(path) + "' is no path inside the folder; remove empty, '.' and '..' segments",
        path);
}

PathResolver::PathResolver(int root, bool kernel) : root_(root), kernel_(kernel) {
    // Old kernels do not know the call, old sandboxes forbid it.
    kernel_ = kernel && open_by_kernel(".", O_PATH | O_DIRECTORY, 0);
}

UniqueFd PathResolver::open(const std::string& path, int flags, unsigned mode) const {
    if (path.empty()) return open_segment(root_, ".", flags, mode);
    check_relative_path(path);
    const auto slash = path.rfind('/');
    if (slash != std::string::npos) {
        if (const auto kept = kept_for(std::string_view(path).substr(0, slash)))
            return open_segment(kept->get(), path.substr(slash + 1), flags, mode);
    }
    return resolve(path, flags, mode);
}

UniqueFd PathResolver::resolve(const std::string& path, int flags, unsigned mode) const {
    return kernel_ ? open_by_kernel(path, flags, mode) : open_by_walk(path, flags, mode);
}

UniqueFd PathResolver::open_by_kernel(const std::string& path, int flags, unsigned mode) const {
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.mode = (flags & O_CREAT) != 0 ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    for (int attempt = 1;;) {
        const auto fd = syscall(SYS_openat2, root_, path.c_str(), &how, sizeof how);
        const bool again = fd < 0 && (errno == EINTR || (errno == EAGAIN && attempt++ < kAgainAttempts));
        if (!again) return UniqueFd(static_cast<int>(fd));
    }
}

UniqueFd PathResolver::open_by_walk(const std::string& path, int flags, unsigned mode) const {
    UniqueFd folder;
    int at = root_;
    std::size_t from = 0;
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', from)) {
        folder = open_segment(at, path.substr(from, slash - from), O_PATH | O_DIRECTORY, 0);
        if (!folder) return {};
        at = folder.get();
        from = slash + 1;
    }
    return open_segment(at, path.substr(from), flags, mode);
}

Place PathResolver::parent_of(const std::string& path) const {
    check_relative_path(path);
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {{}, nullptr, root_, path};
    const std::string_view folder = std::string_view(path).substr(0, slash);
    if (auto kept = kept_for(folder)) {
        const int fd = kept->get();
        return {{}, std::move(kept), fd, path.substr(slash + 1)};
    }
    auto parent = resolve(std::string(folder), O_PATH | O_DIRECTORY, 0);
    const int fd = parent.get();
    return {std::move(parent), nullptr, fd, path.substr(slash + 1)};
}

void PathResolver::keep_open(const std::string& folder) {
    auto opened = std::make_shared<const UniqueFd>(resolve(folder, O_PATH | O_DIRECTORY, 0));
    const std::lock_guard lock(kept_mutex_);
    kept_folder_ = folder;
    kept_ = *opened ? std::move(opened) : nullptr;
}

std::shared_ptr<const UniqueFd> PathResolver::kept_for(std::string_view folder) const {
    const std::lock_guard lock(kept_mutex_);
    if (!kept_ || folder != kept_folder_) return nullptr;
    struct stat info {};
    if (fstat(kept_->get(), &info) == 0 && info.st_nlink == 0)
        kept_ = nullptr;  // Removed, perhaps made anew.
    return kept_;
}

}  // namespace fluentsync::runtime
