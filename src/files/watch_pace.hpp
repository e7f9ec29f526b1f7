/// How often the loop looks at the kernel's file events.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/tuning.hpp"

namespace fluentsync::files {

/// The first events are seen at once; in a burst the loop rests between two looks, so that a thousand files
/// cost the host some wake-ups and not a thousand. Not thread-safe.
class WatchPace {
  public:
    /// After a look that read `bytes`: how long to rest before the next. None when so much was read that the
    /// kernel's queue may overflow meanwhile.
    std::chrono::milliseconds after_look(std::size_t bytes, std::chrono::steady_clock::time_point now) {
        using namespace base::tuning;
        in_a_row_ = now <= awake_ + kWatchRest / 2 ? in_a_row_ + 1 : 1;
        const bool rests = in_a_row_ >= kWatchBurst && bytes < kWatchReadBytes / 2;
        const std::chrono::milliseconds rest = rests ? kWatchRest : std::chrono::milliseconds(0);
        awake_ = now + rest;
        return rest;
    }

  private:
    std::chrono::steady_clock::time_point awake_;  ///< The end of the last rest, or look.
    int in_a_row_ = 0;
};

}  // namespace fluentsync::files
