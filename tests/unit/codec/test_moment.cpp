#include "codec/moment.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace fluentsync::codec {

TEST_CASE("moments compare within their kind alone") {
    REQUIRE(compare_moments("2024-01-02", "2024-01-10") == -1);
    REQUIRE(compare_moments("2024-1-2", "2024-01-02T00:00Z") == 0);
    REQUIRE(compare_moments("2024-01-02 10:00:00 +0200", "2024-01-02T08:00:00.000Z") == 0);
    REQUIRE(compare_moments("2024-01-02T10:00:00-05:30", "2024-01-02T15:29:59Z") == 1);
    REQUIRE(compare_moments("2024-01-02T10:00:00.25Z", "2024-01-02T10:00:00.3Z") == -1);
    REQUIRE(compare_moments("09:30", "9:31:00") == -1);
    REQUIRE(compare_moments(3, 2.5) == 1);
    for (const char* no : {"2024-02-30", "today", "", "2024-01-02T25:00", "12", "2024-01-02x"})
        REQUIRE_FALSE(compare_moments(no, "2024-01-02"));
    REQUIRE_FALSE(compare_moments("09:30", "2024-01-02"));
    REQUIRE_FALSE(compare_moments(3, "2024-01-02"));
    REQUIRE_FALSE(compare_moments(true, true));
}

}  // namespace fluentsync::codec
