#include <catch2/catch.hpp>

#include "files/watch_pace.hpp"

using namespace fluentsync;
using namespace std::chrono_literals;
using base::tuning::kWatchBurst;
using base::tuning::kWatchReadBytes;
using base::tuning::kWatchRest;

namespace {

constexpr std::size_t kOneEvent = 32;

struct Looks {
    files::WatchPace pace;
    std::chrono::steady_clock::time_point now{1h};
    std::chrono::milliseconds after(std::chrono::microseconds gap, std::size_t bytes = kOneEvent) {
        now += gap;
        return pace.after_look(bytes, now);
    }
};

}  // namespace

TEST_CASE("the first looks of a burst follow each other at once, the others rest between") {
    Looks looks;
    for (int look = 1; look < kWatchBurst; ++look)
        CHECK(looks.after(100us) == 0ms);
    for (int look = 0; look < 100; ++look)
        CHECK(looks.after(look == 0 ? 100us : kWatchRest + 200us) == kWatchRest);
}

TEST_CASE("after a quiet while a burst begins anew") {
    Looks looks;
    for (int look = 0; look < 2 * kWatchBurst; ++look)
        looks.after(100us);
    CHECK(looks.after(100ms) == 0ms);
    for (int look = 0; look < 100; ++look)
        CHECK(looks.after(20ms) == 0ms);
}

TEST_CASE("a queue that fills is read without a rest") {
    Looks looks;
    for (int look = 0; look < 100; ++look)
        CHECK(looks.after(100us, kWatchReadBytes / 2) == 0ms);
    CHECK(looks.after(100us) == kWatchRest);
}
