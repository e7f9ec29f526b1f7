#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "fluentsync/error.hpp"
#include "git/remote.hpp"

namespace fluentsync::git {

Cancellation::Cancellation() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor_ < 0) {
        throw Error(ErrorCode::io,
                    "cannot make an eventfd for cancelling network work (too many open files?)");
    }
}

Cancellation::~Cancellation() {
    close(descriptor_);
}

void Cancellation::cancel() noexcept {
    cancelled_.store(true);
    // The counter only ever grows by this; a full one is readable already.
    while (eventfd_write(descriptor_, 1) < 0 && errno == EINTR) {
    }
}

bool Cancellation::cancelled() const noexcept {
    return cancelled_.load();
}

}  // namespace fluentsync::git
