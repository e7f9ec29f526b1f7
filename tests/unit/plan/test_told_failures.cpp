// A failure that stays is told once; how many are remembered is bounded.
#include <catch2/catch.hpp>

#include "plan/told_failures.hpp"

namespace fluentsync::plan {

using Tell = ToldFailures::Tell;

TEST_CASE("told failures: once for each cause, and again after it was over") {
    ToldFailures told(8);
    CHECK(told.failed("a", "full") == Tell::the_failure);
    CHECK(told.failed("a", "full") == Tell::nothing);
    CHECK(told.failed("b", "full") == Tell::the_failure);
    CHECK(told.failed("a", "denied") == Tell::the_failure);
    CHECK(told.failed("a", "denied") == Tell::nothing);
    CHECK(told.failed("a", "full") == Tell::the_failure);
    told.over("a");
    told.over("never failed");
    CHECK(told.failed("a", "full") == Tell::the_failure);
    CHECK(told.failed("b", "full") == Tell::nothing);
}

TEST_CASE("told failures: beyond the bound that there are more, once until all is over") {
    ToldFailures told(2);
    for (int round = 0; round < 2; ++round) {
        CHECK(told.failed("a", "full") == Tell::the_failure);
        CHECK(told.failed("b", "full") == Tell::the_failure);
        CHECK(told.failed("c", "full") == Tell::that_there_are_more);
        CHECK(told.failed("d", "full") == Tell::nothing);
        CHECK(told.failed("c", "denied") == Tell::nothing);
        told.over("a");
        CHECK(told.failed("d", "full") == Tell::the_failure);
        CHECK(told.failed("c", "full") == Tell::nothing);
        told.over("b");
        told.over("d");
    }
}

}  // namespace fluentsync::plan
