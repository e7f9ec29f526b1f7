#include "runtime/pause.hpp"

namespace fluentsync::runtime {

bool Pause::wait(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    return !ended_now_.wait_for(lock, most, [this] { return ended_; });
}

void Pause::end() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    ended_now_.notify_all();
}

}  // namespace fluentsync::runtime
