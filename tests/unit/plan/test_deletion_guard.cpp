#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "plan/deletion_guard.hpp"

using fluentsync::plan::GuardLimits;
using fluentsync::plan::must_hold;

TEST_CASE("deletion guard: an emptied folder is held [trap-09]") {
    const GuardLimits limits;
    CHECK(must_hold(limits, 2, 2));
    CHECK(must_hold(limits, 100, 100));
    CHECK(must_hold(limits, 3, 2));
    CHECK_FALSE(must_hold(limits, 1, 1));  // One note, removed: a person's daily work.
    CHECK_FALSE(must_hold(limits, 0, 0));
    CHECK_FALSE(must_hold(limits, 0, 5));
}

TEST_CASE("deletion guard: small batches pass, large shares and large counts do not") {
    const GuardLimits limits;
    CHECK_FALSE(must_hold(limits, 4, 6));
    CHECK(must_hold(limits, 5, 16));
    CHECK_FALSE(must_hold(limits, 5, 17));
    CHECK_FALSE(must_hold(limits, 30, 100));
    CHECK(must_hold(limits, 31, 100));
    CHECK_FALSE(must_hold(limits, 1000, 100'000));
    CHECK(must_hold(limits, 1001, 100'000));
}

TEST_CASE("deletion guard: each limit by itself") {
    CHECK(must_hold({10, 1.0, 3}, 4, 1000));  // The count alone holds, even below min_count.
    CHECK_FALSE(must_hold({10, 0.0, 1000}, 9, 1000));
    CHECK(must_hold({10, 0.0, 1000}, 10, 1000));
    CHECK_FALSE(must_hold({0, 1.0, 1000}, 999, 1000));
}

TEST_CASE("deletion guard: more deletions never loosen it") {
    CHECK(rc::check("monotonic in the number of deletions", [] {
        const auto known = *rc::gen::inRange<std::int64_t>(0, 3000);
        const auto deletions = *rc::gen::inRange<std::int64_t>(0, 3000);
        if (must_hold({}, deletions, known)) RC_ASSERT(must_hold({}, deletions + 1, known));
    }));
}
