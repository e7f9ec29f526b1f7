// Work that is cut short: by close(), by a failure in the middle, by a file that is away for a moment.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "pair.hpp"

namespace fluentsync::flow {

TEST_CASE("close: a workspace with git does not wait for a long export [trap-51]") {
    constexpr int kMany = 30'000;
    Place place;
    place.options.directory.layout = Layout::sharded;
    EventLog log;
    {
        Workspace workspace(place.options);
        std::vector<EntityDraft> drafts;
        for (int i = 0; i < kMany; ++i) {
            drafts.push_back({"note", std::to_string(i), "content\n"});
        }
        workspace.store().put_all(drafts);
        const auto subscription = workspace.subscribe(log);
        workspace.start();
        REQUIRE(log.wait_for(EventKind::file_exported));
        workspace.close();
    }
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place.file("note"))) {
        files += entry.is_regular_file() ? 1 : 0;
    }
    CHECK(files > 0);
    CHECK(files < kMany);
    Workspace workspace(place.options);
    workspace.sync();
    CHECK(drifts(workspace).empty());
}

TEST_CASE("flush: what a failed round had taken is looked at again by the next") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.sync_debounce = std::chrono::hours(1);  // So that only flush() looks.
    pair.put("a", "a\n");
    pair.directory().start();
    pair.directory().flush();
    raw_sql(pair.database(),
            "CREATE TRIGGER refuse BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'refused'); END");
    pair.write("note/b.md", "b\n");
    CHECK_THROWS_AS(pair.directory().flush(), Error);
    raw_sql(pair.database(), "DROP TRIGGER refuse");
    pair.directory().flush();
    CHECK(pair.content("b") == "b\n");
}

TEST_CASE("export: a version that was placed and not recorded is no edit of the file") {
    const bool known_before = GENERATE(true, false);
    const bool restarted = GENERATE(true, false);
    INFO("known before: " << known_before << ", restarted: " << restarted);
    Pair pair;
    if (known_before) {
        pair.put("a", "before\n");
        pair.directory().flush();
    }
    pair.put("a", "placed\n");
    raw_sql(pair.database(),
            "CREATE TRIGGER refuse BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'refused'); END");
    CHECK_THROWS_AS(pair.directory().flush(), Error);
    REQUIRE(pair.read("note/a.md") == "placed\n");
    raw_sql(pair.database(), "DROP TRIGGER refuse");
    if (restarted) {
        pair.reopen();
    }
    SECTION("the next version follows") {
        pair.put("a", "between\n");
        pair.put("a", "after\n");
        pair.directory().flush();
        CHECK(pair.read("note/a.md") == "after\n");
        CHECK(pair.content("a") == "after\n");
    }
    SECTION("the entity's end takes it along") {
        pair.store().remove({"note", "a"});
        pair.directory().flush();
        // A new one may be a person's, who made it of the same template.
        CHECK(pair.has("note/a.md") != known_before);
        CHECK(pair.content("a").has_value() != known_before);
    }
    SECTION("what a person makes of it is an edit") {
        pair.write("note/a.md", "edited\n");
        pair.put("a", "after\n");
        pair.directory().flush();
        CHECK(pair.store().conflicts().size() == 1);
    }
    CHECK(pair.settled());
}

TEST_CASE("export: a file that cannot be written is told once, however often it is tried") {
    Pair pair;
    pair.put("a", "a\n");
    pair.put("b", "b\n");
    pair.directory().flush();
    const std::string temporaries = pair.file(".fluentsync/tmp");
    const auto fail_to_write = [&](int times) {
        std::filesystem::remove_all(temporaries);
        write_file(temporaries, "in the way\n");
        for (int i = 0; i < times; ++i) {
            CHECK_THROWS_AS(pair.directory().flush(), Error);
        }
        pair.fence();
    };
    const auto told = [&](const std::string& id) {
        return pair.log.count(entity_event(EventKind::error, id));
    };
    pair.put("a", "a changed\n");
    fail_to_write(3);
    CHECK(told("a") == 1);
    pair.put("b", "b changed\n");
    pair.put("a", "a changed again\n");  // The cause is the same.
    fail_to_write(2);
    CHECK(told("a") == 1);
    CHECK(told("b") == 1);
    CHECK_FALSE(pair.directory().status().last_error.empty());

    std::filesystem::remove(temporaries);
    pair.directory().flush();
    CHECK(pair.read("note/a.md") == "a changed again\n");
    CHECK(pair.directory().status().last_error.empty());
    pair.put("a", "a for the last time\n");
    fail_to_write(2);
    CHECK(told("a") == 2);
    CHECK(told("b") == 1);
    // What was to be written has become needless: after that it is news again.
    pair.write("note/a.md", "a for the last time\n");
    CHECK_THROWS_AS(pair.directory().import_all(), Error);  // The fences.
    pair.put("a", "a after all\n");
    fail_to_write(2);
    CHECK(told("a") == 3);
}

TEST_CASE("export: a file that cannot be written delays no deletion of another") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.put_company();
    pair.put("a", "a\n");
    pair.put("b", "b\n");
    pair.directory().start();
    pair.directory().flush();
    pair.write("blocked", "a file where a folder is wanted\n");
    pair.store().put({"blocked", "x", "x\n"});
    REQUIRE(pair.log.wait_for(entity_event(EventKind::error, "x")));
    for (int i = 0; i < 10; ++i) {  // Each round tries it again, until the pause is at its longest.
        pair.log.clear();
        pair.put("c", std::to_string(i));
        REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "c")));
    }
    // The first may find the end of an earlier pause. A whole one is twice as long as the bound.
    for (const char* id : {"a", "b"}) {
        pair.remove(std::string("note/") + id + ".md");
        REQUIRE(pair.log.wait_for(entity_event(EventKind::entity_deleted, id), std::chrono::seconds(30)));
    }
}

}  // namespace fluentsync::flow
