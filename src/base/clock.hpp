/// Time behind a port, so that tests can run on a clock of their own.
#pragma once

#include <cstdint>

namespace fluentsync::base {

class Clock {
  public:
    virtual ~Clock() = default;
    /// Milliseconds since the Unix epoch; may jump.
    virtual std::int64_t wall_ms() const = 0;
    /// Nanoseconds since the Unix epoch, on the clock that stamps files.
    virtual std::int64_t wall_ns() const = 0;
    /// Milliseconds on a clock that only goes forward.
    virtual std::int64_t steady_ms() const = 0;
};

const Clock& system_clock();

}  // namespace fluentsync::base
