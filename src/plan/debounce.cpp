#include "plan/debounce.hpp"

#include <algorithm>
#include <limits>

namespace fluentsync::plan {

namespace {

/// "Never" is spelled as a huge wait; it must not wrap round to the past. `wait` is not negative.
std::int64_t later(std::int64_t now, std::int64_t wait) {
    constexpr auto kEnd = std::numeric_limits<std::int64_t>::max();
    return now > kEnd - wait ? kEnd : now + wait;
}

}  // namespace

Debounce::Debounce(std::int64_t quiet_ms, std::int64_t most_ms)
    : quiet_(std::max<std::int64_t>(quiet_ms, 0)), most_(std::max(most_ms, quiet_)) {}

std::int64_t Debounce::touch(std::int64_t now_ms) {
    if (!first_) {
        first_ = now_ms;
        last_ = now_ms;
    }
    last_ = std::max(last_, now_ms);
    return *due();
}

std::optional<std::int64_t> Debounce::due() const {
    if (!first_) return std::nullopt;
    return std::min(later(last_, quiet_), later(*first_, most_));
}

bool Debounce::is_due(std::int64_t now_ms) const {
    return first_ && now_ms >= *due();
}

void Debounce::take() {
    first_.reset();
}

}  // namespace fluentsync::plan
