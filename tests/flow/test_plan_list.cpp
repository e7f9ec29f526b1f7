// The plan's own list: each thing it asked for, by name.
#include <catch2/catch.hpp>

#include "place.hpp"

namespace fluentsync::flow {

TEST_CASE("plan: an entity event triggers the export") {
    Place place;
    place.options.git.enabled = false;
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.store().put({"note", "hello", "# Hello\n"});
    REQUIRE(log.wait_for(EventKind::file_exported));
    CHECK(place.read("note/hello.md") == "# Hello\n");
    CHECK(log.count(entity_event(EventKind::entity_created, "hello")) == 1);
}

TEST_CASE("plan: debouncing batches many changes into one export") {
    Place place;
    place.options.git.enabled = false;
    place.options.directory.sync_debounce = std::chrono::milliseconds(1500);
    place.options.directory.max_sync_delay = std::chrono::seconds(60);
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.directory().flush();
    for (int i = 0; i < 50; ++i) {
        workspace.store().put({"note", std::to_string(i), "text " + std::to_string(i)});
    }
    REQUIRE(log.wait_for(EventKind::export_completed));
    CHECK(log.count(EventKind::export_completed) == 1);
    CHECK(log.count(EventKind::file_exported) == 50);
}

TEST_CASE("plan: file changes still import") {
    Place place;
    place.options.git.enabled = false;
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.directory().flush();
    place.write("note/a.md", "---\ntitle: A\n---\nbody\n");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_created, "a")));
    place.write("note/a.md", "changed\n");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_updated, "a")));
    CHECK(workspace.store().get({"note", "a"})->content == "changed\n");
    place.remove("note/a.md");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_deleted, "a")));
    for (const Event& event : log.all()) {
        const bool of_an_entity = event.kind == EventKind::entity_created ||
                                  event.kind == EventKind::entity_updated ||
                                  event.kind == EventKind::entity_deleted;
        CHECK(event.origin == (of_an_entity ? Origin::file : Origin::none));
    }
}

TEST_CASE("plan: the old option watch_enabled works, with a warning") {
    Place place;
    place.options.git.enabled = false;
    place.options.directory.auto_sync = false;
    place.options.directory.watch_enabled = true;
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::warning));
    workspace.store().put({"note", "a", "text"});
    REQUIRE(log.wait_for(EventKind::file_exported));
    CHECK(workspace.directory().status().auto_sync);
}

TEST_CASE("plan: the export is skipped when it is not needed") {
    for (const bool skip : {true, false}) {
        Place place;
        place.options.directory.auto_sync = false;
        place.options.git.skip_export_check = skip;
        Workspace workspace(place.options);
        workspace.store().put({"note", "a", "text\n"});
        CHECK(workspace.git().commit().files ==
              1);  // Nothing proved the files current: exported, either way.
        CHECK(place.read("note/a.md") == "text\n");
    }
    Place place;
    automate(place, "");
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.store().put({"note", "a", "text\n"});
    workspace.directory().flush();
    workspace.git().commit();
    REQUIRE(log.wait_for(EventKind::git_committed));  // Events keep their order: all exports are told by now.
    CHECK(log.count(EventKind::export_completed) == 1);
    CHECK(place.commits() == 1);
}

TEST_CASE("plan: auto-push after commits; entity to file to git to remote") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::sync_completed));
    workspace.store().put({"note", "hello", "# Hello\n"});
    REQUIRE(log.wait_for(EventKind::git_pushed));
    CHECK(remote.tip("main") == place.head());
    CHECK(support::run_git(remote.path(), {"show", "main:note/hello.md"}) == "# Hello");
}

TEST_CASE("plan: remote to git to file to entity, and no circular commit after a pull [trap-05]") {
    support::BareRemote remote;
    remote.push_file("note/first.md", "first\n");
    Place place;
    automate(place, remote.path());
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(entity_event(EventKind::entity_created, "first")));
    const std::string pushed = remote.push_file("note/second.md", "second\n");
    const PullResult result = workspace.git().pull();
    CHECK(result.head == pushed);
    CHECK_FALSE(result.merged);
    CHECK(place.read("note/second.md") == "second\n");
    CHECK(workspace.store().get({"note", "second"})->content == "second\n");
    workspace.directory().flush();
    CHECK(workspace.git().commit().commit.empty());
    CHECK(place.head() == pushed);
    CHECK(log.count(EventKind::git_committed) == 0);
    workspace.sync();
    CHECK(place.head() == pushed);
    CHECK(workspace.verify().clean());
}

TEST_CASE("plan: a hundred rapid updates make a single commit") {
    Place place;
    automate(place, "");
    place.options.git.commit_debounce = std::chrono::milliseconds(1500);
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    for (int i = 0; i < 100; ++i) {
        workspace.store().put({"note", "busy", "version " + std::to_string(i) + "\n"});
    }
    REQUIRE(log.wait_for(EventKind::git_committed));
    CHECK(place.commits() == 1);
    CHECK(place.git({"show", "HEAD:note/busy.md"}) == "version 99");
}

TEST_CASE("plan: concurrent file and store changes both survive") {
    Place place;
    place.options.git.enabled = false;
    place.options.directory.auto_sync = false;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\ntwo\nthree\nfour\nfive\n"});
    workspace.directory().flush();
    place.write("note/a.md", "ONE\ntwo\nthree\nfour\nfive\n");
    workspace.store().put({"note", "a", "one\ntwo\nthree\nfour\nFIVE\n"});
    workspace.directory().import_all();
    CHECK(place.read("note/a.md") == "ONE\ntwo\nthree\nfour\nFIVE\n");
    CHECK(workspace.store().get({"note", "a"})->content == "ONE\ntwo\nthree\nfour\nFIVE\n");
    CHECK(workspace.store().conflicts().empty());
}

}  // namespace fluentsync::flow
