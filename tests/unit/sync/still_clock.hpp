/// A steady clock that a test moves, and a wall clock that it puts ahead.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace fluentsync::sync {

class StillClock final : public base::Clock {
  public:
    std::int64_t wall_ms() const override { return base::system_clock().wall_ms(); }
    std::int64_t wall_ns() const override { return base::system_clock().wall_ns() + ahead_ns; }
    std::int64_t steady_ms() const override { return now; }
    std::int64_t now = 1000;
    std::int64_t ahead_ns = 0;
};

}  // namespace fluentsync::sync
