#include "files/root_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>

#include "files/layout.hpp"
#include "fluentsync/error.hpp"
#include "fluentsync/state_folder.hpp"

namespace fluentsync::files {

namespace {

/// Device and inode of a lock file.
using FileId = std::pair<std::uint64_t, std::uint64_t>;

/// The locks that this process holds, with the process that took them: after a fork() the child inherits the
/// registry but not the locks.
struct Registry {
    std::mutex mutex;
    std::map<FileId, pid_t> held;
};

Registry& registry() {
    static auto* registry = new Registry;  // Never destroyed: a claim may end after static objects.
    return *registry;
}

FileId file_id(const struct stat& stat) {
    return {static_cast<std::uint64_t>(stat.st_dev), static_cast<std::uint64_t>(stat.st_ino)};
}

[[noreturn]] void throw_owned(const std::string& root, pid_t holder) {
    const auto who = holder == ::getpid() ? fmt::format("this process ({})", holder)
                     : holder > 0         ? fmt::format("process {}", holder)
                                          : std::string("another process");
    throw Error(ErrorCode::folder_owned,
                fmt::format("{} is synchronised by {}; stop that first, or use another folder", root, who),
                root);
}

[[noreturn]] void throw_failed(const std::string& root, const char* what, int error) {
    throw Error(
        ErrorCode::cannot_open,
        fmt::format("cannot {} {}/{}: {}", what, root, kLockFile, std::generic_category().message(error)),
        root);
}

struct flock whole_file() {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

void lock_or_throw(const std::string& root, int descriptor) {
    auto lock = whole_file();
    while (::fcntl(descriptor, F_SETLK, &lock) != 0) {
        const int error = errno;
        if (error == EINTR) continue;
        if (error != EACCES && error != EAGAIN) throw_failed(root, "lock", error);
        lock = whole_file();
        if (::fcntl(descriptor, F_GETLK, &lock) != 0) throw_owned(root, 0);
        if (lock.l_type != F_UNLCK) throw_owned(root, lock.l_pid);
        lock = whole_file();  // The holder left between the two questions.
    }
}

}  // namespace

RootLock::RootLock(const std::string& root) {
    const auto path = root + '/' + kLockFile;
    auto& locks = registry();
    const std::lock_guard guard(locks.mutex);
    struct stat stat = {};
    if (::lstat(path.c_str(), &stat) == 0) {
        const auto found = locks.held.find(file_id(stat));
        if (found != locks.held.end() && found->second == ::getpid()) throw_owned(root, found->second);
    }
    descriptor_ = StateFolder::make(root).open_lock(last_segment(kLockFile), true);
    try {
        if (::fstat(descriptor_, &stat) != 0) throw_failed(root, "open", errno);
        lock_or_throw(root, descriptor_);
        file_ = file_id(stat);
        locks.held[file_] = ::getpid();
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

RootLock::~RootLock() {
    auto& locks = registry();
    const std::lock_guard guard(locks.mutex);
    const auto found = locks.held.find(file_);
    if (found != locks.held.end() && found->second == ::getpid()) locks.held.erase(found);
    ::close(descriptor_);
}

}  // namespace fluentsync::files
