/// The one clock of a simulated world: it moves only when it is told to.
#pragma once

#include "base/clock.hpp"

namespace simulation {

class VirtualClock final : public fluentsync::base::Clock {
  public:
    std::int64_t wall_ms() const override { return wall_ns() / 1'000'000; }
    std::int64_t wall_ns() const override { return kEpochNs + steady_ns_ + jumped_ns_; }
    std::int64_t steady_ms() const override { return steady_ns_ / 1'000'000; }

    void advance_ms(std::int64_t ms) { steady_ns_ += ms * 1'000'000; }
    /// So that no two exact times are the same.
    void tick() { steady_ns_ += 1'000; }
    /// Somebody sets the wall clock; the steady one goes on.
    void jump_ms(std::int64_t ms) { jumped_ns_ += ms * 1'000'000; }
    /// The kernel stamps files with the time of its last tick.
    std::int64_t kernel_ns() const { return wall_ns() / kTickNs * kTickNs; }

  private:
    static constexpr std::int64_t kEpochNs = 1'700'000'000'000'000'000;
    static constexpr std::int64_t kTickNs = 4'000'000;
    std::int64_t steady_ns_ = 1'000'000'000'000;
    std::int64_t jumped_ns_ = 0;
};

}  // namespace simulation
