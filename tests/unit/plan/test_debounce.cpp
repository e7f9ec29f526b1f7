#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "plan/debounce.hpp"

using fluentsync::plan::Debounce;

TEST_CASE("debounce: a batch is due once it has been quiet [trap-36]") {
    Debounce debounce(100, 1000);
    CHECK_FALSE(debounce.due().has_value());
    CHECK_FALSE(debounce.is_due(1'000'000));
    CHECK(debounce.touch(5) == 105);
    CHECK_FALSE(debounce.is_due(5));  // Not on the leading edge.
    CHECK_FALSE(debounce.is_due(104));
    CHECK(debounce.is_due(105));
    CHECK(debounce.touch(90) == 190);
    CHECK_FALSE(debounce.is_due(105));
    CHECK(debounce.due() == 190);
}

TEST_CASE("debounce: taking a batch lets the next touch begin another") {
    Debounce debounce(100, 300);
    debounce.touch(0);
    debounce.touch(250);
    debounce.take();
    CHECK_FALSE(debounce.due().has_value());
    CHECK(debounce.touch(260) == 360);
    CHECK(debounce.touch(355) == 455);
}

TEST_CASE("debounce: odd settings") {
    CHECK(Debounce(0, 0).touch(7) == 7);
    CHECK(Debounce(100, 10).touch(0) == 100);  // A bound below the quiet time counts as the quiet time.
    CHECK(Debounce(-5, -5).touch(7) == 7);
    const auto end = std::numeric_limits<std::int64_t>::max();
    CHECK(Debounce(end, end).touch(10) == end);
}

TEST_CASE("debounce: a steady stream does not starve the batch [trap-46]") {
    CHECK(rc::check("due neither later than the bound nor before quiet unless bound", [] {
        const auto quiet = *rc::gen::inRange<std::int64_t>(0, 200);
        const auto most = *rc::gen::inRange<std::int64_t>(0, 1000);
        const auto steps = *rc::gen::nonEmpty<std::vector<std::int64_t>>(
            rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 150)));
        Debounce debounce(quiet, most);
        const std::int64_t first = steps.front();
        std::int64_t now = 0;
        for (const auto step : steps) {
            now += step;
            const auto due = debounce.touch(now);
            const auto bound = first + std::max(most, quiet);
            RC_ASSERT(due == debounce.due());
            RC_ASSERT(due <= bound);
            RC_ASSERT(due == bound || due == now + quiet);
            RC_ASSERT(debounce.is_due(due));
            RC_ASSERT(!debounce.is_due(due - 1));
        }
    }));
}
