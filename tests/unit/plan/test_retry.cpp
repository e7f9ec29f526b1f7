#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <limits>

#include "plan/retry.hpp"

using fluentsync::plan::Retry;

TEST_CASE("retry: pauses double up to the bound, and success starts over") {
    Retry retry(200, 1000);
    CHECK(retry.failed() == 200);
    CHECK(retry.failed() == 400);
    CHECK(retry.failed() == 800);
    CHECK(retry.failed() == 1000);
    CHECK(retry.failed() == 1000);
    retry.succeeded();
    CHECK(retry.failed() == 200);
}

TEST_CASE("retry: odd settings neither spin nor overflow") {
    Retry zero(0, 0);
    CHECK(zero.failed() == 1);
    CHECK(zero.failed() == 1);
    Retry crossed(500, 100);
    CHECK(crossed.failed() == 500);
    CHECK(crossed.failed() == 500);
    const auto end = std::numeric_limits<std::int64_t>::max();
    Retry huge(end / 2 + 1, end);
    CHECK(huge.failed() == end / 2 + 1);
    CHECK(huge.failed() == end);
}

TEST_CASE("retry: bounds hold for every setting") {
    CHECK(rc::check("never shrinks while failing, never below first, never above most", [] {
        const auto first = *rc::gen::inRange<std::int64_t>(1, 5000);
        const auto most = first + *rc::gen::inRange<std::int64_t>(0, 100'000);
        Retry retry(first, most);
        std::int64_t previous = 0;
        for (int i = 0; i < 40; ++i) {
            const auto pause = retry.failed();
            RC_ASSERT(pause >= first);
            RC_ASSERT(pause <= most);
            RC_ASSERT(pause >= previous);
            previous = pause;
        }
        RC_ASSERT(previous == most);
    }));
}
