#include "base/clock.hpp"

#include <chrono>

namespace fluentsync::base {
namespace {

template <typename Unit, typename Source>
std::int64_t count_since_epoch() {
    return std::chrono::duration_cast<Unit>(Source::now().time_since_epoch()).count();
}

class SystemClock final : public Clock {
  public:
    std::int64_t wall_ms() const override {
        return count_since_epoch<std::chrono::milliseconds, std::chrono::system_clock>();
    }
    std::int64_t wall_ns() const override {
        return count_since_epoch<std::chrono::nanoseconds, std::chrono::system_clock>();
    }
    std::int64_t steady_ms() const override {
        return count_since_epoch<std::chrono::milliseconds, std::chrono::steady_clock>();
    }
};

}  // namespace

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

}  // namespace fluentsync::base
