// What a person has marked in git's index is theirs: skip-worktree, assume-unchanged, sparse-checkout.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// Three notes, a configuration and an editor's state, in step with the remote.
void begin(const Place& place, Workspace& workspace) {
    for (const char* id : {"1", "2", "3"})
        place.write("note/" + std::string(id) + ".md", std::string(id) + "\n");
    place.write("app.conf", "token = none\n");
    place.write(".obsidian/workspace.json", "shared\n");
    workspace.sync();
}

void mark(const Place& place, const std::string& path, const std::string& how = "--skip-worktree") {
    place.git({"update-index", how, path});
}

std::string mark_of(const Place& place, const std::string& path) {
    return place.git({"ls-files", "-v", path}).substr(0, 1);
}

std::string at_remote(const support::BareRemote& remote, const std::string& path) {
    return support::run_program({"git", "-C", remote.path(), "show", "main:" + path}).output;
}

void person_pulls(const support::BareRemote& remote) {
    support::run_git(remote.person(), {"pull", "-q", "--no-rebase", "origin", "main"});
}

}  // namespace

TEST_CASE("marks: what is edited in a marked file stays here, and marked, until the mark goes") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    begin(place, workspace);
    mark(place, "app.conf");
    mark(place, "note/2.md");
    mark(place, ".obsidian/workspace.json", "--assume-unchanged");
    place.write("app.conf", "token = mine\n");
    place.write("note/2.md", "mine alone\n");
    place.write(".obsidian/workspace.json", "mine\n");
    place.write("note/1.md", "for everybody\n");
    workspace.sync();
    CHECK(at_remote(remote, "note/1.md") == "for everybody\n");
    CHECK(at_remote(remote, "app.conf") == "token = none\n");
    CHECK(at_remote(remote, "note/2.md") == "2\n");
    CHECK(at_remote(remote, ".obsidian/workspace.json") == "shared\n");
    CHECK(content_of(workspace, "note", "2") == "mine alone\n");
    CHECK(held_paths(workspace) ==
          std::set<std::string>{"app.conf", "note/2.md", ".obsidian/workspace.json"});
    CHECK(mark_of(place, "app.conf") == "S");
    CHECK(mark_of(place, ".obsidian/workspace.json") == "h");
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
    CHECK(workspace.status().git->uncommitted == 0);
    mark(place, "app.conf", "--no-skip-worktree");
    mark(place, ".obsidian/workspace.json", "--no-assume-unchanged");
    place.write("note/2.md", "2\n");
    workspace.sync();
    CHECK(at_remote(remote, "app.conf") == "token = mine\n");
    CHECK(at_remote(remote, ".obsidian/workspace.json") == "mine\n");
    CHECK(mark_of(place, "note/2.md") == "S");
    CHECK(held_paths(workspace).empty());
}

TEST_CASE("marks: a pull writes over no edit of a marked file, and the mark stays while the index follows") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    begin(place, workspace);
    const std::string how = GENERATE("skip-worktree", "assume-unchanged");
    mark(place, "app.conf", "--" + how);
    mark(place, "note/3.md", "--" + how);
    place.write("app.conf", "token = mine\n");
    person_pulls(remote);
    remote.push_file("app.conf", "token = none\nport = 80\n");
    remote.push_file("note/3.md", "three\n");
    workspace.sync();
    CHECK(place.read("app.conf") == "token = mine\n");
    CHECK(place.read("note/3.md") == "three\n");  // Not edited here: as git does.
    CHECK(at_remote(remote, "app.conf") == "token = none\nport = 80\n");
    CHECK(held_paths(workspace) == std::set<std::string>{"app.conf"});
    CHECK(place.git({"diff", "--cached", "--name-only"}).empty());
    CHECK(mark_of(place, "app.conf") == (how == "skip-worktree" ? "S" : "h"));
    CHECK(mark_of(place, "note/3.md") == (how == "skip-worktree" ? "S" : "h"));
    CHECK(drifts(workspace).empty());
    SECTION("then the mark goes, and the two meet from what both were made from") {
        mark(place, "app.conf", "--no-" + how);
        workspace.sync();
        workspace.sync();
        CHECK(held_paths(workspace).empty());
        CHECK(workspace.store().conflicts().size() == 1);
        CHECK(drifts(workspace).empty());
    }
    SECTION("then the remote removes it") {
        std::filesystem::remove(remote.person() + "/app.conf");
        person_pushes(remote);
        workspace.sync();
        place.write("app.conf", "token = mine, later\n");
        workspace.sync();
        workspace.sync();
        CHECK(place.read("app.conf") == "token = mine, later\n");
        CHECK(tree_paths(place).find("app.conf") == std::string::npos);
        CHECK(held_paths(workspace) == std::set<std::string>{"app.conf"});
        CHECK(drifts(workspace).empty());
        place.git({"add", "app.conf"});
        place.git({"commit", "-q", "-m", "it is everybody's"});
        place.write("app.conf", "everybody's\n");
        workspace.sync();
        CHECK(at_remote(remote, "app.conf") == "everybody's\n");
        CHECK(held_paths(workspace).empty());
    }
}

TEST_CASE("marks: what git sparse-checkout takes out of the folder is neither deleted nor made again") {
    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace(std::in_place, with_remote(place, remote.path()));
    begin(place, *workspace);
    place.write("old/a.txt", "a\n");
    place.write("old/b.txt", "b\n");
    workspace->sync();
    REQUIRE(git_status(place).empty());  // It also makes git know the files by their stat.
    place.git({"sparse-checkout", "set", "keep"});
    REQUIRE(!place.has("old/a.txt"));
    REQUIRE(!place.has("note/1.md"));
    if (GENERATE(false, true)) {
        workspace.reset();
        workspace.emplace(with_remote(place, remote.path()));
    }
    const std::string before = tree_paths(place);
    for (int i = 0; i < 3; ++i)
        workspace->sync();
    CHECK(tree_paths(place) == before);
    CHECK(workspace->status().directory.held_deletions == 0);
    CHECK(content_of(*workspace, "note", "1") == "1\n");
    CHECK(!place.has("old/a.txt"));
    person_pulls(remote);
    remote.push_file("old/a.txt", "theirs\n");
    remote.push_file("note/1.md", "theirs\n");
    std::filesystem::remove(remote.person() + "/old/b.txt");
    person_pushes(remote);
    workspace->store().put({"note", "2", "put while it is out\n"});
    workspace->sync();
    CHECK(!place.has("old/a.txt"));
    CHECK(!place.has("note/1.md"));
    CHECK(!place.has("note/2.md"));
    CHECK(mark_of(place, "old/a.txt") == "S");
    CHECK(git_status(place).empty());
    CHECK(drifts(*workspace).empty());
    CHECK(held_paths(*workspace) == std::set<std::string>{"note/2.md"});
    CHECK(workspace->status().git->uncommitted == 0);
    place.git({"sparse-checkout", "disable"});
    CHECK(place.read("old/a.txt") == "theirs\n");
    workspace->sync();
    CHECK(content_of(*workspace, "note", "1") == "theirs\n");
    CHECK(place.read("note/2.md") == "put while it is out\n");
    CHECK(at_remote(remote, "note/2.md") == "put while it is out\n");
    CHECK(!place.has("old/b.txt"));
    CHECK(held_paths(*workspace).empty());
    CHECK(drifts(*workspace).empty());
}

TEST_CASE("marks: set and taken away while all runs by itself") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    place.options.git.sync_interval = std::chrono::seconds(1);
    Workspace workspace(place.options);
    begin(place, workspace);
    workspace.start();
    mark(place, "app.conf");
    place.write("app.conf", "token = mine\n");
    place.write("note/1.md", "after it\n");
    REQUIRE(wait_until([&] { return at_remote(remote, "note/1.md") == "after it\n"; }));
    REQUIRE(wait_until([&] { return held_paths(workspace) == std::set<std::string>{"app.conf"}; }));
    CHECK(at_remote(remote, "app.conf") == "token = none\n");
    CHECK(mark_of(place, "app.conf") == "S");
    mark(place, "app.conf", "--no-skip-worktree");
    REQUIRE(wait_until([&] { return at_remote(remote, "app.conf") == "token = mine\n"; }));
    REQUIRE(wait_until([&] { return held_paths(workspace).empty(); }));
}

}  // namespace fluentsync::flow
