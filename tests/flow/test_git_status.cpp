// What status() says of the remote, over restarts and where it cannot be written down.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

TEST_CASE("status: a network error goes once a later process got through") {
    Place place;
    const std::string remote = place.base / "remote.git";
    {
        automate(place, remote);
        EventLog log;
        Workspace workspace(place.options);
        const auto subscription = workspace.subscribe(log);
        workspace.start();
        REQUIRE(log.wait_for(EventKind::git_pull_failed));
        REQUIRE(wait_until([&] { return !workspace.status().git->last_error.empty(); }));
    }
    CHECK_FALSE(Workspace(place.options).status().git->last_error.empty());
    support::must_run({"git", "init", "-q", "--bare", "-b", "main", remote});
    Workspace(place.options).sync();
    CHECK(Workspace(place.options).status().git->last_error.empty());
}

TEST_CASE("status: a failed push keeps the time of the one before, over a restart") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    {
        Workspace workspace(place.options);
        workspace.store().put({"note", "a", "one\n"});
        workspace.sync();
    }
    const std::int64_t pushed = Workspace(place.options).status().git->last_push;
    REQUIRE(pushed > 0);
    std::filesystem::rename(remote.path(), remote.below("away"));
    {
        EventLog log;
        Workspace workspace(place.options);
        const auto subscription = workspace.subscribe(log);
        workspace.start();
        workspace.store().put({"note", "b", "two\n"});
        REQUIRE(log.wait_for(EventKind::git_push_failed));
        REQUIRE(wait_until([&] { return workspace.status().git->last_push_outcome == PushOutcome::failed; }));
        CHECK(workspace.status().git->last_push == pushed);
    }
    CHECK(Workspace(place.options).status().git->last_push == pushed);
    CHECK(Workspace(place.options).status().git->last_push_outcome == PushOutcome::failed);
}

TEST_CASE("status: an outcome that the database does not take ends neither the lane nor the process") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.sync();
    for (const char* name : {"network_error", "last_push"}) {
        raw_sql(place.options.store.path, std::string("CREATE TRIGGER refuse_") + name +
                                              " BEFORE INSERT ON named_values WHEN NEW.name = '" + name +
                                              "' BEGIN SELECT RAISE(ABORT, 'no space'); END");
    }
    std::filesystem::rename(remote.path(), remote.below("away"));
    workspace.start();
    REQUIRE(log.wait_for(EventKind::git_pull_failed));
    workspace.store().put({"note", "a", "one\n"});
    REQUIRE(log.wait_for(EventKind::git_push_failed));
    REQUIRE(wait_until([&] { return workspace.status().git->last_push_outcome == PushOutcome::failed; }));
    CHECK_FALSE(workspace.status().git->last_error.empty());
    // The lane works on.
    std::filesystem::rename(remote.below("away"), remote.path());
    CHECK(workspace.git().push().outcome == PushOutcome::pushed);
    CHECK(remote.tip("main") == place.head());
}

}  // namespace fluentsync::flow
