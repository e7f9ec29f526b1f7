#include <catch2/catch.hpp>
#include <cstdint>
#include <ctime>

#include "base/clock.hpp"

using fluentsync::base::system_clock;

TEST_CASE("the wall clock is the kernel's real time in both units") {
    timespec before{};
    timespec after{};
    clock_gettime(CLOCK_REALTIME, &before);
    const auto ns = system_clock().wall_ns();
    const auto ms = system_clock().wall_ms();
    clock_gettime(CLOCK_REALTIME, &after);
    CHECK(ns >= std::int64_t{before.tv_sec} * 1'000'000'000 + before.tv_nsec);
    CHECK(ms * 1'000'000 <= std::int64_t{after.tv_sec} * 1'000'000'000 + after.tv_nsec);
    CHECK(ms >= ns / 1'000'000);
}

TEST_CASE("the steady clock never goes back") {
    auto last = system_clock().steady_ms();
    for (int i = 0; i < 1000; ++i) {
        const auto now = system_clock().steady_ms();
        REQUIRE(now >= last);
        last = now;
    }
}
