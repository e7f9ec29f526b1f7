// Files and git to a remote: what the server says counts, and nothing that must not leaves this machine.
#include <catch2/catch.hpp>
#include <fstream>

#include "git_steps.hpp"
#include "served_remote.hpp"

namespace fluentsync::flow {

namespace {

/// Files below `folder` in which `secret` stands.
std::string files_with(const std::string& folder, const std::string& secret) {
    std::string found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && read_file(entry.path()).find(secret) != std::string::npos) {
            found += entry.path().string() + "\n";
        }
    }
    return found;
}

int packs_in(const std::string& objects) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(objects + "/pack"))
        count += entry.path().extension() == ".pack" ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("push: one sync brings the first commits to an empty remote [trap-22] [trap-34]") {
    for (const char* transport : {"path", "git", "http"}) {
        if (!support::ServedRemote::available(transport)) continue;
        INFO(transport);
        support::BareRemote remote("trunk");
        const support::ServedRemote served(remote, transport);
        Place place;
        Workspace workspace(with_remote(place, served.url()));
        workspace.store().put({"note", "a", "one\n"});
        workspace.sync();
        const std::string branch = workspace.status().git->branch;
        CHECK(place.commits() == 1);
        CHECK(remote.tip(branch) == place.head());
        CHECK(workspace.status().git->ahead == 0);
        CHECK(workspace.status().git->last_push_outcome == PushOutcome::pushed);
    }
}

// A path has no server, and so no hooks: libgit2 writes into the repository itself.
TEST_CASE("push: what the server's hook refuses is no success [trap-21]") {
    for (const char* transport : {"git", "http"}) {
        if (!support::ServedRemote::available(transport)) continue;
        INFO(transport);
        support::BareRemote remote;
        const support::ServedRemote served(remote, transport);
        Place place;
        EventLog log;
        Workspace workspace(with_remote(place, served.url()));
        const auto subscription = workspace.subscribe(log);
        workspace.store().put({"note", "a", "one\n"});
        workspace.sync();
        const std::string before = remote.tip("main");
        REQUIRE(before == place.head());
        remote.install_hook("update", "#!/bin/sh\necho 'not on my watch' >&2\nexit 1\n");
        workspace.store().put({"note", "a", "two\n"});
        CHECK(code_of([&] { workspace.sync(); }) == ErrorCode::push_rejected);
        CHECK(remote.tip("main") == before);
        CHECK(place.head() != before);
        CHECK(workspace.status().git->ahead == 1);
        CHECK(workspace.status().git->last_push_outcome == PushOutcome::rejected);
        std::filesystem::remove(remote.path() + "/hooks/update");
        workspace.sync();
        CHECK(remote.tip("main") == place.head());
        CHECK(log.wait_for([](const Event& event) { return event.kind == EventKind::git_pushed; }, 2));
        CHECK(workspace.status().git->ahead == 0);
    }
}

TEST_CASE("push: a rejected push is merged and pushed by the same call [trap-23]") {
    for (const char* transport : {"path", "git", "http"}) {
        if (!support::ServedRemote::available(transport)) continue;
        INFO(transport);
        support::BareRemote remote;
        const support::ServedRemote served(remote, transport);
        remote.push_file("note/a.md", "one\n");
        Place place;
        Workspace workspace(with_remote(place, served.url()));
        workspace.sync();
        workspace.store().put({"note", "ours", "ours\n"});
        workspace.git().commit();
        const std::string theirs = remote.push_file("note/theirs.md", "theirs\n");
        const PushResult result = workspace.git().push();
        CHECK(result.outcome == PushOutcome::pushed);
        CHECK(result.commit == place.head());
        CHECK(remote.tip("main") == place.head());
        CHECK(place.git({"merge-base", "HEAD", theirs}) == theirs);
        CHECK(content_of(workspace, "note", "theirs") == "theirs\n");
        CHECK(workspace.git().push().outcome == PushOutcome::up_to_date);
        CHECK(workspace.status().git->last_push_outcome == PushOutcome::pushed);
    }
}

TEST_CASE("push: a remote that was emptied or made anew gets everything again [trap-34]") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    REQUIRE(remote.tip("main") == place.head());
    std::filesystem::remove_all(remote.path());
    support::must_run({"git", "init", "-q", "--bare", "-b", "main", remote.path()});
    workspace.sync();
    CHECK(remote.tip("main") == place.head());
}

TEST_CASE("push: files automatic, commits by hand: auto_push follows each commit") {
    support::BareRemote remote;
    Place place;
    place.options.git.remote = remote.path();
    place.options.git.auto_push = true;
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::sync_completed));
    workspace.store().put({"note", "a", "one\n"});
    REQUIRE(log.wait_for(EventKind::file_exported));
    place.write("note/b.md", "two\n");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_created, "b")));
    CHECK(log.count(EventKind::git_committed) == 0);
    CHECK(remote.tip("main").empty());
    const CommitResult result = workspace.git().commit("by hand");
    CHECK(result.files == 2);
    REQUIRE(log.wait_for(EventKind::git_pushed));
    CHECK(remote.tip("main") == result.commit);
    REQUIRE(wait_until([&] { return git_status(place).empty(); }));
}

TEST_CASE("push: automation leaves a clean git status behind") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    Workspace workspace(place.options);
    workspace.start();
    for (int i = 0; i < 30; ++i) {
        workspace.store().put({"note", std::to_string(i), "text\n"});
        place.write("plain/" + std::to_string(i) + ".txt", "text\n");
    }
    REQUIRE(wait_until([&] {
        return !remote.tip("main").empty() && remote.tip("main") == place.head() &&
               git_status(place).empty() && drifts(workspace).empty();
    }));
    CHECK(workspace.store().count() == 30);
}

TEST_CASE("remote: a token in the URL is nowhere but in memory [trap-31]") {
    if (!support::HttpGitServer::available()) {
        WARN("skipped: needs python3");
        return;
    }
    const std::string token = "tok3n-of-this-test";
    support::BareRemote remote;
    remote.push_file("note/a.md", "one\n");
    const support::HttpGitServer server(remote.base(), "me", token);
    Place place;
    EventLog log;
    std::string said;
    {
        Workspace workspace(with_remote(place, server.url(remote.name(), "me:" + token + "@")));
        const auto subscription = workspace.subscribe(log);
        workspace.store().put({"note", "b", "two\n"});
        workspace.sync();
        CHECK(remote.tip("main") == place.head());
        const GitStatus status = *workspace.status().git;
        said += status.remote + status.last_error + status.standing_back;
        CHECK(place.git({"config", "--list"}).find(token) == std::string::npos);
    }
    {
        WorkspaceOptions wrong = with_remote(place, server.url(remote.name(), "me:" + token + "-not@"));
        wrong.git.auto_sync = true;
        Workspace workspace(wrong);
        const auto subscription = workspace.subscribe(log);
        try {
            workspace.git().pull();
            FAIL("the password is wrong");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::authentication);
            said += error.what() + error.path();
        }
        workspace.start();
        REQUIRE(log.wait_for(EventKind::git_pull_failed));
        said += workspace.status().git->last_error + workspace.status().git->remote;
    }
    for (const Event& event : log.all()) {
        said += event.message + event.path + event.id + event.commit;
    }
    CHECK(said.find(token) == std::string::npos);
    CHECK(files_with(place.base.path(), token).empty());
    CHECK(place.git({"log", "--all", "--format=%B %an %ae"}).find(token) == std::string::npos);
}

TEST_CASE("remote: one that never answers holds up neither saves, exports, commits nor close [trap-27]") {
    for (const char* scheme : {"http", "git"}) {
        INFO(scheme);
        support::SilentServer silent;
        Place place;
        automate(place, silent.url(scheme));
        place.options.git.network_timeout = std::chrono::hours(1);
        EventLog log;
        Workspace workspace(place.options);
        const auto subscription = workspace.subscribe(log);
        // A repository with commits: the one that has none waits for the remote's, up to network_timeout.
        std::filesystem::create_directories(place.root());
        place.git({"init", "-q", "-b", "main"});
        support::commit_file(place.root(), "note/first.md", "first\n");
        workspace.start();
        silent.wait_for_clients(1);
        workspace.store().put({"note", "a", "one\n"});
        REQUIRE(log.wait_for(EventKind::file_exported));
        REQUIRE(log.wait_for(EventKind::git_committed));
        CHECK(place.git({"show", "HEAD:note/a.md"}) == "one");
        workspace.store().put({"note", "b", "two\n"});
        workspace.git().commit();  // Nothing is left to it where the automation was faster.
        CHECK(place.git({"show", "HEAD:note/b.md"}) == "two");
        CHECK(log.count(EventKind::git_pushed) == 0);
        workspace.close();  // The network's hour is not waited for: the test's own time limit would tell.
    }
}

TEST_CASE("remote: a new repository whose remote hangs commits once that is given up [trap-27]") {
    support::SilentServer silent;
    Place place;
    automate(place, silent.url("git"));
    place.options.git.network_timeout = std::chrono::milliseconds(200);
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.store().put({"note", "a", "one\n"});
    REQUIRE(log.wait_for(EventKind::git_pull_failed));
    REQUIRE(log.wait_for(EventKind::git_committed));
    CHECK_FALSE(workspace.status().git->last_error.empty());
    // The call that does everything once says so, and has committed all the same.
    workspace.store().put({"note", "b", "two\n"});
    CHECK(code_of([&] { workspace.sync(); }) == ErrorCode::timed_out);
    CHECK(place.git({"show", "HEAD:note/b.md"}) == "two");
}

TEST_CASE("push: what could not be pushed goes at the next start, without a further commit [trap-22]") {
    support::BareRemote remote;
    Place place;
    place.options.git.auto_push = true;
    place.options.git.remote = remote.path();
    {
        Workspace workspace(place.options);
        workspace.sync();
        workspace.store().put({"note", "a", "one\n"});
        std::filesystem::rename(remote.path(), remote.below("away"));
        workspace.git().commit();
    }
    std::filesystem::rename(remote.below("away"), remote.path());
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::git_pushed));
    CHECK(remote.tip("main") == place.head());
}

TEST_CASE("push: one that fails at the start is tried again, with no further commit or interval [trap-22]") {
    support::BareRemote remote;
    Place place;
    place.options.git.auto_push = false;
    {
        Workspace workspace(with_remote(place, remote.path()));
        workspace.store().put({"note", "a", "one\n"});
        workspace.git().commit();
    }
    const std::string elsewhere = remote.path() + ".elsewhere";
    std::filesystem::rename(remote.path(), elsewhere);
    place.options.git.auto_push = true;
    place.options.git.auto_sync = true;
    place.options.git.sync_interval = std::chrono::hours(1);
    EventLog log;
    Workspace workspace(with_remote(place, remote.path()));
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::git_push_failed));
    std::filesystem::rename(elsewhere, remote.path());
    REQUIRE(log.wait_for(EventKind::git_pushed));
    CHECK(remote.tip("main") == place.head());
    CHECK(log.count(EventKind::sync_completed) == 0);  // The cycle did fail.
}

TEST_CASE("sync: a cycle that failed is not told as completed") {
    support::BareRemote remote;
    const std::string elsewhere = remote.path() + ".elsewhere";
    std::filesystem::rename(remote.path(), elsewhere);
    Place place;
    place.options.git.auto_sync = true;
    place.options.git.sync_interval = std::chrono::seconds(1);
    EventLog log;
    Workspace workspace(with_remote(place, remote.path()));
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    const auto failed = [](const Event& event) { return event.kind == EventKind::git_pull_failed; };
    REQUIRE(log.wait_for(failed, 2));
    CHECK(log.count(EventKind::sync_completed) == 0);
    std::filesystem::rename(elsewhere, remote.path());
    CHECK(log.wait_for(EventKind::sync_completed));
}

TEST_CASE("push: of many pushes and pulls by path few packs are left, here and there") {
    constexpr int kMost = 4;
    const auto limit_packs = [&](const std::string& repository) {
        support::run_git(repository, {"config", "gc.autoPackLimit", std::to_string(kMost)});
    };
    support::BareRemote remote;
    limit_packs(remote.path());
    Place pusher;
    Place puller;
    Workspace pushing(with_remote(pusher, remote.path()));
    Workspace pulling(with_remote(puller, remote.path()));
    pushing.sync();
    pulling.sync();
    limit_packs(puller.root());
    for (int i = 0; i < 12; ++i) {
        pushing.store().put({"note", "a", std::to_string(i) + "\n"});
        pushing.sync();
        pulling.sync();
        CHECK(packs_in(remote.path() + "/objects") <= kMost);
        CHECK(packs_in(puller.file(".git/objects")) <= kMost);
    }
    CHECK(puller.head() == pusher.head());
    CHECK(puller.read("note/a.md") == "11\n");
    for (const std::string& repository : {remote.path(), puller.root()})
        CHECK(support::run_git(repository, {"fsck", "--full", "--strict", "--no-dangling"}).empty());
}

TEST_CASE("commit: of many large commits few packs are left") {
    Place place;
    Workspace workspace(place.options);
    workspace.sync();
    place.git({"config", "gc.autoPackLimit", "2"});
    for (int i = 0; i < 4; ++i) {
        std::vector<EntityDraft> notes;
        for (int note = 0; note < 50; ++note)
            notes.push_back({"note", std::to_string(note), std::to_string(i) + "\n"});
        workspace.store().put_all(notes);
        workspace.sync();
    }
    CHECK(place.commits() == 4);
    CHECK(packs_in(place.file(".git/objects")) <= 2);
    CHECK(place.git({"fsck", "--full", "--strict", "--no-dangling"}).empty());
}

}  // namespace fluentsync::flow
