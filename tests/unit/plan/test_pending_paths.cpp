#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plan/pending_paths.hpp"

using fluentsync::plan::PendingPaths;
using Paths = std::vector<std::string>;

TEST_CASE("pending paths: events for one path count once, and taking forgets them") {
    PendingPaths pending(10);
    CHECK(pending.empty());
    pending.add_files({"b", "a", "b"});
    pending.add_files({"a"});
    pending.add_folder("new");
    pending.folder_gone("old");
    CHECK(pending.size() == 4);
    const auto batch = pending.take();
    CHECK(batch.files == Paths{"a", "b"});
    CHECK(batch.folders_added == Paths{"new"});
    CHECK(batch.folders_gone == Paths{"old"});
    CHECK_FALSE(batch.everything);
    CHECK(pending.empty());
    CHECK(pending.take().empty());
}

TEST_CASE("pending paths: beyond the bound they become one look at everything [trap-47]") {
    PendingPaths pending(2);
    pending.add_folder("new");
    pending.add_files({"a", "b"});
    CHECK(pending.size() == 3);
    pending.folder_gone("old");
    CHECK(pending.size() == 2);
    const auto batch = pending.take();
    CHECK(batch.everything);
    CHECK(batch.files.empty());
    CHECK(batch.folders_gone.empty());
    CHECK(batch.folders_added == Paths{"new"});  // It still wants its watch.
    CHECK(pending.empty());
}

TEST_CASE("pending paths: a look at everything waits like a path") {
    PendingPaths pending(2);
    pending.look_at_everything();
    CHECK_FALSE(pending.empty());
    CHECK(pending.size() == 1);
    CHECK(pending.take().everything);
    CHECK_FALSE(pending.take().everything);
}
