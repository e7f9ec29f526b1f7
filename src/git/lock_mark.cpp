#include "git/lock_mark.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "git/stale_lock.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLockEnding = ".lock";

/// One running system: another machine's lock on a shared file system this one does not see.
std::string boot_mark() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id") >> std::ws, id);
    return id.substr(0, id.find('-'));
}

/// "refs/heads/main.fluentsync-BOOT-" beside "refs/heads/main.lock".
std::string mark_prefix(const std::string& lock) {
    return lock.substr(0, lock.size() - kLockEnding.size()) + ".fluentsync-" + boot_mark() + "-";
}

runtime::UniqueFd open_lock(const std::string& path) {
    return runtime::UniqueFd(runtime::uninterrupted(
        [&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); }));
}

bool same_file(const std::string& a, const std::string& b) {
    struct stat left {};
    struct stat right {};
    return ::lstat(a.c_str(), &left) == 0 && ::lstat(b.c_str(), &right) == 0 && left.st_ino == right.st_ino &&
           left.st_dev == right.st_dev;
}

}  // namespace

LockMark::~LockMark() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

void LockMark::set(const std::string& lock) {
    static std::atomic<unsigned> number{0};
    runtime::UniqueFd file = open_lock(lock);
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return;
    const std::string path = mark_prefix(lock) + std::to_string(::getpid()) + "-" + std::to_string(++number) +
                             std::string(kLockEnding);
    if (::link(lock.c_str(), path.c_str()) != 0) return;
    path_ = path;
    file_ = std::move(file);
}

bool remove_dead_lock(const std::string& lock) {
    const std::string prefix = mark_prefix(lock);
    bool removed = false;
    std::error_code error;
    for (fs::directory_iterator file(fs::path(lock).parent_path(), error), end; !error && file != end;
         file.increment(error)) {
        const std::string mark = file->path().string();
        if (!mark.starts_with(prefix) || !mark.ends_with(kLockEnding)) continue;
        const runtime::UniqueFd held = open_lock(mark);
        if (!held || ::flock(held.get(), LOCK_EX | LOCK_NB) != 0) continue;
        if (same_file(mark, lock)) removed = ::unlink(lock.c_str()) == 0;
        ::unlink(mark.c_str());
    }
    return removed;
}

}  // namespace fluentsync::git
