#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "runtime/loop_body.hpp"
#include "runtime/loop_handles.hpp"
#include "runtime/posix_error.hpp"

namespace fluentsync::runtime {
namespace {

/// What no loop can watch is refused to the caller himself.
int duplicate_watchable(int fd) {
    struct stat info {};
    const bool good = fstat(fd, &info) == 0;
    if (good && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))) errno = EPERM;
    const bool watchable = good && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
    const int duplicate = watchable ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (duplicate < 0) throw_errno(errno, "watch", "descriptor " + std::to_string(fd));
    return duplicate;
}

}  // namespace

FdWatch::FdWatch(std::shared_ptr<LoopBody> loop, int fd, Readable readable, Failed failed)
    : loop_(std::move(loop)), entry_(std::make_shared<WatchEntry>(std::function<void()>())) {
    entry_->call = [entry = entry_.get(), readable = std::move(readable)] { entry->rest = readable(); };
    entry_->failed = std::move(failed);
    entry_->fd = duplicate_watchable(fd);
    loop_->handles_->begin_watch(entry_);
}

FdWatch::~FdWatch() {
    loop_->handles_->end(*entry_);
    loop_->handles_->end_watch(entry_);
}

}  // namespace fluentsync::runtime
