// What a person does with git in the folder while we run: nothing of it may spoil, or be spoiled by, our
// commits.
#include <catch2/catch.hpp>

#include "event_log.hpp"
#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// As many as go into one pack.
constexpr int kNotes = 60;

std::string text_of(int number) {
    return "text " + std::to_string(number) + "\n";
}

void put_notes(Workspace& workspace, int count) {
    for (int i = 0; i < count; ++i) {
        workspace.store().put({"note", std::to_string(i), text_of(i)});
    }
}

int fsck(const Place& place) {
    return support::run_program({"git", "-C", place.root(), "fsck", "--full", "--strict"}).exit_code;
}

void make_repository_anew(const Place& place) {
    std::filesystem::remove_all(place.file(".git"));
    place.git({"init", "-q", "-b", "main"});
}

/// Removes a note by hand, and every trace that git has of it.
void purge(const Place& place, const std::string& path) {
    place.git({"rm", "-q", path});
    place.git({"commit", "-q", "--amend", "-m", "without it"});
    place.git({"reflog", "expire", "--expire=now", "--all"});
    place.git({"gc", "-q", "--prune=now"});
}

void commit_by_hand(const Place& place, const std::string& path, const std::string& text) {
    place.write(path, text);
    place.git({"commit", "-q", "-m", "by a person", "--", path});
}

bool has_markers(const std::string& text) {
    return text.find("<<<<<<<") != std::string::npos;
}

}  // namespace

TEST_CASE("git by hand: a repository that is made anew while we run gets whole commits") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    put_notes(workspace, kNotes);
    workspace.directory().flush();
    workspace.git().commit();
    make_repository_anew(place);
    workspace.store().put({"note", "new", "new\n"});
    workspace.sync();
    CHECK(fsck(place) == 0);
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "text 1");
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git by hand: what was purged and is written again is committed whole") {
    Place place;
    Workspace workspace(place.options);
    put_notes(workspace, kNotes);
    workspace.sync();
    purge(place, "note/1.md");
    workspace.sync();
    place.write("note/1.md", text_of(1));
    workspace.sync();
    CHECK(fsck(place) == 0);
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "text 1");
}

TEST_CASE("git by hand: verify tells of a content that the repository has lost") {
    Place place;
    Workspace workspace(place.options);
    put_notes(workspace, 2);
    workspace.sync();
    REQUIRE(drifts(workspace).empty());
    const std::string id = place.git({"rev-parse", "HEAD:note/1.md"});
    std::filesystem::remove(place.file(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2)));
    CHECK(drifts(workspace).find("note/1.md") != std::string::npos);
}

TEST_CASE("git by hand: a .gitignore deeper down keeps entities from commits") {
    Place place;
    Workspace workspace(place.options);
    place.write("private/.gitignore", "*\n");
    place.write("private/deep/secret.md", "mine alone\n");
    place.write("private/secret.md", "mine alone\n");
    place.write("private/secret.txt", "mine alone\n");
    workspace.store().put({"note", "a", "text\n"});
    workspace.sync();
    CHECK(workspace.store().get({"private", "secret"}).has_value());
    CHECK(tree_paths(place) == "note/a.md");
    CHECK(workspace.status().git->uncommitted == 0);
}

TEST_CASE("git by hand: a deletion that a person has committed is not taken back while the guard holds it") {
    support::BareRemote remote;
    Place place;
    Place other;
    Workspace workspace(with_remote(place, remote.path()));
    put_notes(workspace, 10);
    workspace.sync();
    Workspace replica(with_remote(other, remote.path()));
    replica.sync();
    for (int i = 0; i < 6; ++i) {
        replica.store().remove({"note", std::to_string(i)});
    }
    replica.sync();
    const std::string tip = remote.tip("main");
    place.git({"pull", "-q", "--ff-only", remote.path(), "main"});
    workspace.sync();
    replica.sync();
    CHECK(place.head() == tip);
    CHECK_FALSE(other.has("note/0.md"));
    CHECK_FALSE(replica.store().get({"note", "0"}).has_value());
    CHECK(workspace.status().directory.held_deletions == 6);
    workspace.directory().confirm_deletions();
    workspace.sync();
    CHECK(workspace.store().count() == 4);
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git by hand: new files that were away while a commit passed are committed once they are back") {
    Place place;
    place.options.git.auto_sync = true;
    Workspace workspace(place.options);
    workspace.sync();
    for (int i = 0; i < 6; ++i) {
        place.write("note/" + std::to_string(i) + ".md", text_of(i));
    }
    workspace.directory().flush();
    std::filesystem::rename(place.file("note"), place.base / "away");
    workspace.directory().flush();
    REQUIRE(workspace.status().directory.held_deletions == 6);
    EventLog log;
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    workspace.store().put({"task", "a", "text\n"});
    REQUIRE(log.wait_for(EventKind::git_committed));
    REQUIRE(tree_paths(place) == "task/a.md");
    log.clear();
    std::filesystem::rename(place.base / "away", place.file("note"));
    REQUIRE(log.wait_for(EventKind::git_committed));
    CHECK(tree_paths(place).find("note/5.md") != std::string::npos);
}

TEST_CASE("git by hand: conflict markers of a person's stash or squash are not committed") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    SECTION("stash pop") {
        place.write("note/a.md", "mine\n");
        place.git({"stash", "-q"});
        commit_by_hand(place, "note/a.md", "theirs\n");
        CHECK(support::run_program({"git", "-C", place.root(), "stash", "pop"}).exit_code != 0);
    }
    SECTION("merge --squash") {
        place.git({"checkout", "-q", "-b", "side"});
        commit_by_hand(place, "note/a.md", "side\n");
        place.git({"checkout", "-q", "main"});
        commit_by_hand(place, "note/a.md", "main\n");
        CHECK(support::run_program({"git", "-C", place.root(), "merge", "--squash", "side"}).exit_code != 0);
    }
    REQUIRE(has_markers(place.read("note/a.md")));
    try {
        workspace.sync();
        FAIL("it did not stand back");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::repository_busy);
        CHECK(std::string(error.what()).find("git add") != std::string::npos);
    }
    CHECK(workspace.status().git->standing_back == "somebody has conflicts to resolve");
    CHECK_FALSE(has_markers(place.git({"show", "HEAD:note/a.md"})));
    place.write("note/a.md", "both\n");
    place.git({"add", "note/a.md"});
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "both");
    CHECK(git_status(place).empty());
}

TEST_CASE("git by hand: a pull waits for somebody's git that holds the index") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    remote.push_file("note/b.md", "b\n");
    place.write(".git/index.lock", "");
    CHECK(code_of([&] { workspace.git().pull(); }) == ErrorCode::repository_busy);
    CHECK_FALSE(place.has("note/b.md"));
    place.remove(".git/index.lock");
    workspace.git().pull();
    CHECK(place.read("note/b.md") == "b\n");
}

TEST_CASE("git by hand: a checkout that takes long puts nothing of its branch on the one before") {
    Place place;
    place.options.git.auto_sync = true;
    Workspace workspace(place.options);
    put_notes(workspace, 20);
    workspace.sync();
    place.git({"checkout", "-q", "-b", "side"});
    place.git({"rm", "-q", "note/0.md", "note/1.md"});
    for (int i = 2; i < 10; ++i) {
        place.write("note/" + std::to_string(i) + ".md", "side\n");
    }
    place.git({"commit", "-q", "-a", "-m", "side"});
    place.git({"checkout", "-q", "main"});
    workspace.sync();
    place.git({"config", "filter.slow.smudge", "sh -c 'sleep 0.3; cat'"});
    place.git({"config", "filter.slow.clean", "cat"});
    place.write(".git/info/attributes", "*.md filter=slow\n");
    const std::string before = place.git({"rev-parse", "main"});
    workspace.start();
    place.git({"checkout", "-q", "side"});
    workspace.sync();
    CHECK(place.git({"rev-parse", "main"}) == before);
    CHECK(place.read("note/5.md") == "side\n");
}

TEST_CASE("git by hand: a tool that never leaves the index alone does not keep commits waiting for ever") {
    Place place;
    place.options.git.auto_sync = true;
    Workspace workspace(place.options);
    put_notes(workspace, 1);
    workspace.sync();
    EventLog events;
    const auto subscription = workspace.subscribe(events);
    const std::filesystem::path index = place.file(".git/index");
    const std::filesystem::path without = place.base / "without";
    const std::filesystem::path with = place.base / "with";
    const auto put = [&place, index](const std::filesystem::path& from) {
        const std::filesystem::path draft = place.base / "draft";
        std::filesystem::copy_file(from, draft);
        std::filesystem::rename(draft, index);
    };
    std::filesystem::copy_file(index, without);
    place.git({"update-index", "--add", "--cacheinfo", "100644", place.git({"rev-parse", "HEAD:note/0.md"}),
               "tool"});
    std::filesystem::rename(index, with);
    put(with);
    const std::jthread tool([&put, &without, &with](const std::stop_token& over) {
        for (bool odd = false; !over.stop_requested(); odd = !odd) {
            put(odd ? with : without);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    workspace.start();
    workspace.store().put({"note", "late", "late\n"});
    CHECK(events.wait_for(EventKind::git_committed));
    CHECK(place.git({"show", "HEAD:note/late.md"}) == "late");
}

}  // namespace fluentsync::flow
