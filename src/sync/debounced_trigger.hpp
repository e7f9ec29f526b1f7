/// Fires once a batch of touches is due: plan::Debounce on the loop's timer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "plan/debounce.hpp"
#include "runtime/loop_body.hpp"

namespace fluentsync::sync {

/// Any thread may call any function. `fire` runs with no lock held: on the loop thread, or, with a debounce
/// of zero, on the thread that touched; it must only post. Stopped at first.
class DebouncedTrigger {
  public:
    DebouncedTrigger(std::shared_ptr<runtime::LoopBody> loop, const base::Clock& clock,
                     std::chrono::milliseconds quiet, std::chrono::milliseconds most,
                     std::function<void()> fire);
    void start();
    /// Forgets what waits. When it has returned on another thread than the loop's, `fire` is not running from
    /// the timer.
    void stop();
    /// A change arrived. Ignored while stopped.
    void touch();
    /// Fires after `delay`, unless something is due before. Ignored while stopped.
    void fire_after(std::chrono::milliseconds delay);

  private:
    void due();

    const base::Clock& clock_;
    const std::function<void()> fire_;
    std::mutex mutex_;
    plan::Debounce debounce_;
    bool armed_ = false;
    bool running_ = false;
    runtime::Timer timer_;
};

}  // namespace fluentsync::sync
