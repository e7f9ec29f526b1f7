#include "plan/retry.hpp"

#include <algorithm>

namespace fluentsync::plan {

// A pause of at least 1 ms: zero would never grow by doubling, and spin.
Retry::Retry(std::int64_t first_ms, std::int64_t most_ms)
    : first_(std::max<std::int64_t>(first_ms, 1)), most_(std::max(most_ms, first_)), next_(first_) {}

std::int64_t Retry::failed() {
    const std::int64_t pause = next_;
    next_ = next_ > most_ / 2 ? most_ : next_ * 2;
    return pause;
}

void Retry::succeeded() {
    next_ = first_;
}

}  // namespace fluentsync::plan
