#include "ready_descriptor.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "fluentsync/error.hpp"

namespace fluentsync::capi {

ReadyDescriptor::~ReadyDescriptor() {
    if (fd_ >= 0) ::close(fd_);
}

int ReadyDescriptor::get() {
    if (fd_ >= 0) return fd_;
    fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd_ < 0) {
        throw Error(ErrorCode::io,
                    std::string("cannot make a descriptor for events: ") + std::strerror(errno));
    }
    if (raised_) write_state();
    return fd_;
}

void ReadyDescriptor::set(bool raised) noexcept {
    if (raised == raised_) return;
    raised_ = raised;
    if (fd_ >= 0) write_state();
}

/// Neither call can fail: the counter is 0 before one is added, and 1 before it is taken.
void ReadyDescriptor::write_state() noexcept {
    eventfd_t taken = 0;
    if (raised_) {
        ::eventfd_write(fd_, 1);
    } else {
        ::eventfd_read(fd_, &taken);
    }
}

}  // namespace fluentsync::capi
