#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plan/missing_files.hpp"

using fluentsync::plan::MissingFiles;

TEST_CASE("missing files: only a second, later look makes a deletion [trap-12]") {
    MissingFiles missing(150);
    CHECK_FALSE(missing.seen_missing("note/a.md", 1000));
    CHECK_FALSE(missing.seen_missing("note/a.md", 1000));
    CHECK_FALSE(missing.seen_missing("note/a.md", 1149));
    CHECK(missing.seen_missing("note/a.md", 1150));
    CHECK(missing.seen_missing("note/a.md", 9000));  // True until somebody clears it.
}

TEST_CASE("missing files: a file that came back starts anew") {
    MissingFiles missing(150);
    missing.seen_missing("a", 0);
    missing.clear("a");
    CHECK(missing.empty());
    CHECK_FALSE(missing.seen_missing("a", 500));
    CHECK(missing.seen_missing("a", 650));
}

TEST_CASE("missing files: paths are kept apart and can be listed") {
    MissingFiles missing(10);
    missing.seen_missing("b", 0);
    CHECK_FALSE(missing.seen_missing("a", 20));
    CHECK(missing.seen_missing("b", 20));
    CHECK(missing.waiting() == std::vector<std::string>{"a", "b"});
    missing.clear("never seen");
    CHECK_FALSE(missing.empty());
    missing.clear_all();
    CHECK(missing.waiting().empty());
}

TEST_CASE("missing files: even without a pause it takes two looks") {
    MissingFiles missing(0);
    CHECK_FALSE(missing.seen_missing("a", 5));
    CHECK(missing.seen_missing("a", 5));
}
