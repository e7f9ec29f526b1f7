/// Pauses between attempts at work that failed: doubling, bounded. Pure.
#pragma once

#include <cstdint>

namespace fluentsync::plan {

class Retry {
  public:
    Retry(std::int64_t first_ms, std::int64_t most_ms);
    /// The pause before the next attempt.
    std::int64_t failed();
    void succeeded();

  private:
    std::int64_t first_;
    std::int64_t most_;
    std::int64_t next_;
};

}  // namespace fluentsync::plan
