#include "sync/debounced_trigger.hpp"

#include <utility>

namespace fluentsync::sync {

DebouncedTrigger::DebouncedTrigger(std::shared_ptr<runtime::LoopBody> loop, const base::Clock& clock,
                                   std::chrono::milliseconds quiet, std::chrono::milliseconds most,
                                   std::function<void()> fire)
    : clock_(clock),
      fire_(std::move(fire)),
      debounce_(quiet.count(), most.count()),
      timer_(std::move(loop), [this] { due(); }) {}

void DebouncedTrigger::start() {
    const std::lock_guard lock(mutex_);
    running_ = true;
}

void DebouncedTrigger::stop() {
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
        armed_ = false;
        debounce_.take();
    }
    timer_.cancel();
}

void DebouncedTrigger::touch() {
    {
        const std::lock_guard lock(mutex_);
        if (!running_) {
            return;
        }
        const std::int64_t now = clock_.steady_ms();
        const std::int64_t wait = debounce_.touch(now) - now;
        if (wait > 0) {
            // An armed timer looks again when it fires, and goes on waiting if the batch has moved.
            if (!std::exchange(armed_, true)) {
                timer_.arm(std::chrono::milliseconds(wait));
            }
            return;
        }
    }
    due();
}

void DebouncedTrigger::fire_after(std::chrono::milliseconds delay) {
    const std::lock_guard lock(mutex_);
    if (running_ && !std::exchange(armed_, true)) {
        timer_.arm(delay);
    }
}

void DebouncedTrigger::due() {
    {
        const std::lock_guard lock(mutex_);
        armed_ = false;
        if (!running_) {
            return;
        }
        const std::int64_t now = clock_.steady_ms();
        if (const auto due = debounce_.due(); due && !debounce_.is_due(now)) {
            armed_ = true;
            timer_.arm(std::chrono::milliseconds(*due - now));
            return;
        }
        debounce_.take();
    }
    fire_();
}

}  // namespace fluentsync::sync
