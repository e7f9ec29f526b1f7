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

TEST_CASE("status: whoever asked for the push, its failure is told [trap-21]") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    REQUIRE(workspace.status().git->last_push_outcome == PushOutcome::pushed);
    workspace.store().put({"note", "a", "two\n"});
    workspace.git().commit();
    std::filesystem::rename(remote.path(), remote.below("away"));
    CHECK_THROWS_AS(workspace.git().push(), Error);
    CHECK(workspace.status().git->last_push_outcome == PushOutcome::failed);
    CHECK(workspace.status().git->last_error.find("push: ") == 0);
    std::filesystem::rename(remote.below("away"), remote.path());
    workspace.git().push();
    CHECK(workspace.status().git->last_push_outcome == PushOutcome::pushed);
    CHECK(workspace.status().git->last_error.empty());
}

TEST_CASE("status: a remote that is damaged is a failed pull, and stays one over a commit [trap-54]") {
    support::BareRemote remote;
    remote.push_file("note/a.md", "one\n");
    Place place;
    automate(place, remote.path());
    place.options.git.sync_interval = std::chrono::seconds(1);
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.sync();
    const std::string tip = remote.push_file("note/b.md", "two\n");
    const std::string object = remote.path() + "/objects/" + tip.substr(0, 2) + "/" + tip.substr(2);
    REQUIRE(std::filesystem::exists(object));
    std::filesystem::remove(object);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::git_pull_failed));
    workspace.store().put({"note", "mine", "three\n"});
    REQUIRE(log.wait_for(EventKind::git_committed));
    REQUIRE(wait_until([&] { return workspace.status().git->uncommitted == 0; }));
    const GitStatus status = *workspace.status().git;
    CHECK_FALSE(status.last_error.empty());
    CHECK(status.standing_back.empty());
}

TEST_CASE("status: a repository that cannot be opened takes nothing from the rest of it") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    place.write(".git/HEAD", "nonsense\n");
    Workspace other(place.options);
    const WorkspaceStatus status = other.status();
    CHECK(status.entities == 1);
    REQUIRE(status.git);
    CHECK_FALSE(status.git->last_error.empty());
}

TEST_CASE("status: verify sees an executable bit that HEAD does not have") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    REQUIRE(drifts(workspace).empty());
    std::filesystem::permissions(place.file("note/a.md"), std::filesystem::perms::owner_exec,
                                 std::filesystem::perm_options::add);
    CHECK(drifts(workspace) == "note/a.md: the file's executable bit is not HEAD's\n");
    workspace.sync();
    CHECK(drifts(workspace).empty());
}

TEST_CASE("status: git's own remote follows the option, and a person's own stays theirs") {
    support::BareRemote first;
    support::BareRemote second;
    Place place;
    Workspace(with_remote(place, first.path())).sync();
    REQUIRE(place.git({"remote", "get-url", "origin"}) == first.path());
    Workspace(with_remote(place, second.path())).sync();
    CHECK(place.git({"remote", "get-url", "origin"}) == second.path());
    place.git({"config", "--add", "remote.origin.fetch", "+refs/pull/*:refs/remotes/origin/pr/*"});
    Workspace(with_remote(place, first.path())).sync();
    CHECK(place.git({"remote", "get-url", "origin"}) == first.path());
    place.git({"remote", "set-url", "--add", "origin", "https://git.example/also.git"});
    Workspace(with_remote(place, second.path())).sync();
    place.git({"config", "--unset-all", "remote.origin.url"});
    place.git({"config", "remote.origin.url", "https://git.example/theirs.git"});
    Workspace(with_remote(place, first.path())).sync();
    CHECK(place.git({"remote", "get-url", "origin"}) == "https://git.example/theirs.git");
}

}  // namespace fluentsync::flow
