#include "plan/arrivals.hpp"

#include <catch2/catch.hpp>

namespace fluentsync::plan {

TEST_CASE("an arrival answers for one deletion of its content, for a while") {
    const auto a = base::hash_blob("a");
    const auto b = base::hash_blob("b");
    Arrivals arrivals(100, 3);
    arrivals.arrived("new", a, 0);
    CHECK(arrivals.renamed({{"old", a}, {"older", a}, {"other", b}}, 100) == std::set<std::string>{"old"});
    CHECK(arrivals.renamed({{"new", a}}, 100).empty());
    arrivals.use({{"old", a}});
    CHECK(arrivals.renamed({{"older", a}}, 100).empty());
    arrivals.arrived("late", b, 100);
    CHECK(arrivals.renamed({{"other", b}}, 201).empty());
    for (int i = 0; i < 4; ++i)
        arrivals.arrived(std::to_string(i), i == 0 ? a : b, 300);
    CHECK(arrivals.renamed({{"old", a}}, 300).empty());
}

}  // namespace fluentsync::plan
