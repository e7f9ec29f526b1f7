// What git ignores here, and the remote or a person has tracked all the same; and what was taken out of git.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

std::string at_remote(const support::BareRemote& remote, const std::string& path) {
    const auto shown = support::run_program({"git", "-C", remote.path(), "show", "main:" + path});
    return shown.exit_code == 0 ? shown.output : "(none)";
}

/// The remote's person has it tracked, whatever their rules say.
void person_forces(const support::BareRemote& remote, const std::string& path, const std::string& content) {
    support::run_git(remote.person(), {"pull", "-q", "--no-rebase", "origin", "main"});
    support::write_file(remote.person() + "/" + path, content);
    support::run_git(remote.person(), {"add", "-f", path});
    support::run_git(remote.person(), {"commit", "-q", "-m", "force " + path});
    support::run_git(remote.person(), {"push", "-q", "origin", "main"});
}

/// Whether any commit that the remote has ever got holds this text.
bool was_pushed(const support::BareRemote& remote, const std::string& text) {
    return !support::run_program({"git", "-C", remote.path(), "log", "--all", "--format=%h", "-S", text})
                .output.empty();
}

void write_rules(const Place& place, const std::string& where) {
    const std::string rules = "note/priv.md\nwork.json\nsecret/\n";
    if (where == "core.excludesFile") {
        place.write("../rules", rules);
        place.git({"config", "core.excludesFile", place.base.path() + "/rules"});
    } else {
        place.write(where, rules);
    }
}

}  // namespace

TEST_CASE("ignored: what the remote tracks in its place leaves the file alone, and nothing of it is pushed") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    place.write("note/n.md", "n\n");
    workspace.sync();
    const std::string where = GENERATE(".gitignore", ".git/info/exclude", "core.excludesFile");
    write_rules(place, where);
    const std::set<std::string> paths{"note/priv.md", "work.json", "secret/key"};
    for (const std::string& path : paths)
        place.write(path, "my private text\n");
    workspace.sync();
    for (const std::string& path : paths)
        person_forces(remote, path, "theirs\n");
    for (int i = 0; i < 2; ++i) {
        workspace.sync();
        CHECK(held_paths(workspace) == paths);
        CHECK(drifts(workspace).empty());
        CHECK(workspace.status().git->uncommitted == 0);
        CHECK(workspace.store().conflicts().empty());
    }
    for (const std::string& path : paths) {
        CHECK(place.read(path) == "my private text\n");
        CHECK(at_remote(remote, path) == "theirs\n");
    }
    CHECK(content_of(workspace, "note", "priv") == "my private text\n");
    SECTION("moved away, the remote's comes; from then on it is tracked") {
        for (const std::string& path : paths)
            std::filesystem::rename(place.file(path), place.base.path() + "/kept");
        workspace.sync();
        workspace.sync();
        for (const std::string& path : paths)
            CHECK(place.read(path) == "theirs\n");
        CHECK(content_of(workspace, "note", "priv") == "theirs\n");
        CHECK(held_paths(workspace).empty());
        place.write("work.json", "everybody's\n");
        workspace.sync();
        CHECK(at_remote(remote, "work.json") == "everybody's\n");
        CHECK(!was_pushed(remote, "private"));
    }
    SECTION("the remote's goes on, and goes") {
        person_forces(remote, "work.json", "theirs, later\n");
        workspace.sync();
        support::run_git(remote.person(), {"rm", "-q", "work.json", "note/priv.md"});
        person_pushes(remote);
        workspace.sync();
        workspace.sync();
        CHECK(place.read("work.json") == "my private text\n");
        CHECK(content_of(workspace, "note", "priv") == "my private text\n");
        CHECK(held_paths(workspace) == std::set<std::string>{"secret/key"});
        CHECK(!was_pushed(remote, "private"));
        CHECK(drifts(workspace).empty());
    }
    CHECK(git_status(place).empty() == held_paths(workspace).empty());
}

TEST_CASE("ignored: a rule that goes lets the file be committed, at once where all runs by itself") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    place.options.git.sync_interval = std::chrono::hours(1);
    Workspace workspace(place.options);
    place.write("deep/.gitignore", "*.log\n");
    place.write("deep/er/a.log", "a\n");
    workspace.sync();
    workspace.start();
    place.write("note/n.md", "n\n");
    REQUIRE(wait_until([&] { return at_remote(remote, "note/n.md") == "n\n"; }));
    CHECK(at_remote(remote, "deep/er/a.log") == "(none)");
    place.write("deep/.gitignore", "# none\n");
    REQUIRE(wait_until([&] { return at_remote(remote, "deep/er/a.log") == "a\n"; }));
}

TEST_CASE("ignored: what a person adds to git all the same goes on being committed") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    place.write(".gitignore", "*.log\nnote/priv.md\n");
    place.write("a.log", "a\n");
    place.write("b.log", "b\n");
    place.write("note/priv.md", "p\n");
    workspace.sync();
    place.git({"add", "-f", "a.log", "note/priv.md"});
    place.git({"commit", "-q", "-m", "by force"});
    workspace.sync();
    place.write("a.log", "edited\n");
    place.write("b.log", "edited\n");
    place.write("note/priv.md", "edited\n");
    workspace.sync();
    CHECK(at_remote(remote, "a.log") == "edited\n");
    CHECK(at_remote(remote, "note/priv.md") == "edited\n");
    CHECK(at_remote(remote, "b.log") == "(none)");
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
    place.remove("a.log");
    workspace.sync();
    CHECK(at_remote(remote, "a.log") == "(none)");
}

TEST_CASE("ignored: what one machine takes out of git stays out, and each keeps its file") {
    support::BareRemote remote;
    Place a;
    Place b;
    Workspace at_a(with_remote(a, remote.path()));
    const std::set<std::string> paths{".obsidian/workspace.json", ".obsidian/app/x.json", "note/own.md"};
    a.write("note/n.md", "n\n");
    for (const std::string& path : paths)
        a.write(path, "shared\n");
    at_a.sync();
    Workspace at_b(with_remote(b, remote.path()));
    at_b.sync();
    a.write(".gitignore", ".obsidian/\n");
    a.write("note/.gitignore", "own.md\n");
    a.git({"add", ".gitignore", "note/.gitignore"});
    a.git({"rm", "-q", "-r", "--cached", ".obsidian", "note/own.md"});
    a.git({"commit", "-q", "-m", "out of git"});
    at_a.sync();
    b.write(".obsidian/workspace.json", "edited on b\n");
    b.write("note/own.md", "edited on b\n");
    for (int i = 0; i < 3; ++i) {
        at_b.sync();
        at_a.sync();
    }
    CHECK(a.head() == b.head());
    for (const std::string& path : paths) {
        CHECK(at_remote(remote, path) == "(none)");
        CHECK(a.read(path) == "shared\n");
        CHECK(b.read(path) == (path == ".obsidian/app/x.json" ? "shared\n" : "edited on b\n"));
    }
    CHECK(content_of(at_b, "note", "own") == "edited on b\n");
    CHECK(content_of(at_a, "note", "own") == "shared\n");
    const int commits = b.commits();
    for (const std::string& path : paths) {
        a.write(path, "later on a\n");
        b.write(path, "later on b\n");
    }
    at_a.sync();
    at_b.sync();
    at_a.sync();
    CHECK(b.commits() == commits);
    for (Workspace* workspace : {&at_a, &at_b}) {
        CHECK(workspace->store().conflicts().empty());
        CHECK(held_paths(*workspace).empty());
        CHECK(drifts(*workspace).empty());
    }
    CHECK(git_status(a).empty());
    CHECK(git_status(b).empty());
}

TEST_CASE("ignored: a removal that no rule of the tree stands behind gives way to an edit") {
    support::BareRemote remote;
    Place a;
    Place b;
    Workspace at_a(with_remote(a, remote.path()));
    a.write("work.json", "shared\n");
    at_a.sync();
    Workspace at_b(with_remote(b, remote.path()));
    at_b.sync();
    a.write(".git/info/exclude", "work.json\n");  // This machine's alone.
    a.git({"rm", "-q", "--cached", "work.json"});
    a.git({"commit", "-q", "-m", "out of git"});
    at_a.sync();
    b.write("work.json", "edited on b\n");
    a.write("work.json", "edited on a\n");
    for (int i = 0; i < 3; ++i) {
        at_b.sync();
        at_a.sync();
    }
    CHECK(at_remote(remote, "work.json") == "edited on b\n");
    CHECK(a.read("work.json") == "edited on a\n");
    CHECK(held_paths(at_a) == std::set<std::string>{"work.json"});
    CHECK(!was_pushed(remote, "edited on a"));
    CHECK(at_a.store().conflicts().empty());
    CHECK(drifts(at_a).empty());
    CHECK(drifts(at_b).empty());
}

}  // namespace fluentsync::flow
