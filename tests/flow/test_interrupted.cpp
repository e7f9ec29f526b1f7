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

}  // namespace fluentsync::flow
