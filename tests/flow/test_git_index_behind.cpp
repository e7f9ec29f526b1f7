// Git's index follows HEAD whatever becomes of the remote, and before the process ends: else a person's next
// commit would take ours back.
#include <catch2/catch.hpp>

#include "bare_remote.hpp"
#include "event_log.hpp"
#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// The index says of every path what HEAD has, and nothing looks staged.
void check_follows(const Place& place) {
    CHECK(place.git({"diff", "--cached", "--name-status"}).empty());
    CHECK(git_status(place).empty());
}

void person_commits(const Place& place) {
    place.write("other.txt", "a person's own\n");
    place.git({"add", "other.txt"});
    place.git({"commit", "-q", "-m", "by a person"});
}

void move_away(const support::BareRemote& remote) {
    std::filesystem::rename(remote.path(), remote.path() + ".away");
}

/// As somebody's push that is under way.
void lock_branch(const support::BareRemote& remote) {
    support::write_file(remote.path() + "/refs/heads/main.lock", "");
}

}  // namespace

TEST_CASE("git index: it follows a commit whose sync fails at the remote [trap-35]") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.store().put({"note", "1", "one\n"});
    workspace.sync();
    bool fails = true;
    SECTION("out of reach") {
        move_away(remote);
    }
    SECTION("which refuses the push") {
        lock_branch(remote);
    }
    SECTION("which has nothing in common with it") {
        support::run_git(remote.person(), {"checkout", "-q", "--orphan", "other"});
        support::run_git(remote.person(), {"commit", "-q", "--allow-empty", "-m", "another history"});
        fails = false;
        support::run_git(remote.person(), {"push", "-q", "-f", "origin", "other:main"});
    }
    place.write("note/1.md", "edited\n");
    const ErrorCode code = code_of([&] { workspace.sync(); });
    CHECK((code != ErrorCode::ok) == fails);
    check_follows(place);
    person_commits(place);
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "edited");
    CHECK(git_status(place).empty());
}

TEST_CASE("git index: it follows a commit before the process ends [trap-35]") {
    support::BareRemote remote;
    Place place;
    SECTION("by the API, without start()") {
        Workspace workspace(place.options);
        workspace.store().put({"note", "1", "one\n"});
        workspace.git().commit();
    }
    SECTION("by a pull that brought something") {
        remote.push_file("note/2.md", "two\n");
        Workspace workspace(with_remote(place, remote.path()));
        workspace.git().pull();
    }
    SECTION("by a pull that fails after it") {
        place.options.git.auto_sync = true;
        Workspace workspace(with_remote(place, remote.path()));
        workspace.store().put({"note", "1", "one\n"});
        workspace.git().commit();
        move_away(remote);
        CHECK(code_of([&] { workspace.git().pull(); }) == ErrorCode::remote_unreachable);
    }
    SECTION("in the background, right before close()") {
        automate(place, "");
        EventLog log;
        Workspace workspace(place.options);
        const auto subscription = workspace.subscribe(log);
        workspace.start();
        workspace.store().put({"note", "1", "one\n"});
        REQUIRE(log.wait_for(EventKind::git_committed));
        workspace.close();
    }
    check_follows(place);
}

TEST_CASE("git index: it follows the last commit before stop() [trap-35]") {
    Place place;
    automate(place, "");
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.store().put({"note", "1", "one\n"});
    REQUIRE(log.wait_for(EventKind::git_committed));
    workspace.stop();
    CHECK(wait_until([&] { return place.git({"ls-files"}) == "note/1.md"; }));
    check_follows(place);
}

}  // namespace fluentsync::flow
