// Folders that may not be read: held, told and let go, and in nobody else's way.
#include <catch2/catch.hpp>

#include <set>

#include "git_steps.hpp"
#include "unprivileged.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

/// A place of somebody who is not root, since root may read everything.
struct Theirs {
    ~Theirs() { allow_all(); }
    void forbid(const std::string& folder, fs::perms left = fs::perms::none) {
        fs::permissions(place.file(folder), left);
        forbidden.insert(folder);
    }
    void make_forbidden(const std::string& folder) {
        fs::create_directories(place.file(folder));
        forbid(folder);
    }
    void allow_all() {
        for (const std::string& folder : std::exchange(forbidden, {}))
            fs::permissions(place.file(folder), fs::perms::owner_all);
    }

    /// Git's program, which not every machine lets a user without a name run.
    std::string git(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"-c", "safe.directory=*"});
        return unprivileged.suspended([&] { return place.git(arguments); });
    }

    support::Unprivileged unprivileged;
    Place place;
    std::set<std::string> forbidden;
};

std::set<std::string> paths_of(const std::vector<Held>& held) {
    std::set<std::string> paths;
    for (const Held& one : held)
        paths.insert(one.path);
    return paths;
}

using Paths = std::set<std::string>;

Paths held_in(const Workspace& workspace) {
    return paths_of(workspace.status().directory.held);
}

void check_no_drift(Workspace& workspace) {
    for (const Drift& drift : workspace.verify().drifts)
        FAIL_CHECK(drift.path << ": " << drift.what);
}

EventLog::Match told(EventKind kind, const std::string& path) {
    return [=](const Event& event) { return event.kind == kind && event.path == path; };
}

}  // namespace

TEST_CASE("unreadable: a folder that may not be read stops no other file") {
    Theirs theirs;
    Place& place = theirs.place;
    place.options.git.enabled = GENERATE(false, true);
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\n"});
    place.write(".gitignore", "*.log\n");
    workspace.sync();
    theirs.make_forbidden("private");
    theirs.make_forbidden("note/deep");
    workspace.store().put({"note", "b", "b\n"});
    place.write("note/c.md", "c\n");
    workspace.sync();
    CHECK(place.read("note/b.md") == "b\n");
    CHECK(workspace.store().get({"note", "c"}));
    REQUIRE(held_in(workspace) == Paths{"note/deep", "private"});
    CHECK(workspace.status().directory.held.back().reason ==
          "cannot be read: Permission denied (EACCES); check the permissions");
    check_no_drift(workspace);
    theirs.allow_all();
    place.write("private/x.md", "x\n");
    workspace.sync();
    CHECK(held_in(workspace).empty());
    CHECK(workspace.store().get({"private", "x"}));
    check_no_drift(workspace);
}

TEST_CASE("unreadable: with automation a folder is held, and let go once it may be read") {
    Theirs theirs;
    Place& place = theirs.place;
    place.options.git.enabled = false;
    Workspace workspace(place.options);
    EventLog log;
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    theirs.make_forbidden("private");
    REQUIRE(log.wait_for(told(EventKind::file_held, "private")));
    workspace.store().put({"note", "b", "b\n"});
    REQUIRE(log.wait_for(told(EventKind::file_exported, "note/b.md")));
    workspace.directory().flush();
    CHECK(log.count(EventKind::error) == 0);
    CHECK(log.count(EventKind::watch_degraded) == 0);
    CHECK(workspace.status().directory.pending_exports == 0);
    theirs.allow_all();
    REQUIRE(log.wait_for(told(EventKind::file_released, "private")));
    place.write("private/x.md", "x\n");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_created, "x")));
    theirs.forbid("private");
    REQUIRE(log.wait_for(told(EventKind::file_held, "private/x.md")));
    CHECK(workspace.store().get({"private", "x"}));
}

TEST_CASE("unreadable: what is known in a folder that may not be read any more is kept") {
    Theirs theirs;
    Place& place = theirs.place;
    Workspace workspace(place.options);
    for (int i = 0; i < 20; ++i)
        workspace.store().put({"note", std::to_string(i), "text\n"});
    workspace.store().put({"secret", "a", "a\n"});
    place.write("secret/plain.txt", "plain\n");
    workspace.sync();
    const std::string head = theirs.git({"rev-parse", "HEAD"});
    const bool may_be_searched = GENERATE(false, true);
    theirs.forbid("secret", may_be_searched ? fs::perms::owner_exec : fs::perms::none);
    const Paths expected =
        may_be_searched ? Paths{"secret"} : Paths{"secret", "secret/a.md", "secret/plain.txt"};
    workspace.sync();
    workspace.sync();
    Workspace(place.options).verify();
    CHECK(held_in(workspace) == expected);
    CHECK(workspace.store().get({"secret", "a"}));
    CHECK(workspace.status().directory.held_deletions == 0);
    CHECK(theirs.git({"rev-parse", "HEAD"}) == head);
    check_no_drift(workspace);
    theirs.allow_all();
    place.write("secret/a.md", "new\n");
    workspace.sync();
    CHECK(held_in(workspace).empty());
    CHECK(workspace.store().get({"secret", "a"})->content == "new\n");
    CHECK(theirs.git({"show", "HEAD:secret/a.md"}) == "new");
    CHECK(theirs.git({"show", "HEAD:secret/plain.txt"}) == "plain");
    check_no_drift(workspace);
}

TEST_CASE("unreadable: a folder whose names alone may be read is held like another") {
    Theirs theirs;
    Place& place = theirs.place;
    place.options.git.enabled = false;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\n"});
    workspace.store().put({"other", "b", "b\n"});
    workspace.sync();
    theirs.forbid("note", fs::perms::owner_read);
    workspace.sync();
    CHECK(held_in(workspace) == Paths{"note", "note/a.md"});
    CHECK(workspace.store().count() == 2);
}

TEST_CASE("unreadable: verify() lists a folder that may not be read, and what is known in it") {
    Theirs theirs;
    Place& place = theirs.place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\n"});
    workspace.sync();
    theirs.forbid("note");
    Paths told;
    for (const Drift& drift : workspace.verify().drifts)
        CHECK(told.insert(drift.path).second);
    CHECK(told == Paths{"note", "note/a.md"});
}

TEST_CASE("unreadable: a folder that nothing is exchanged with is nobody's business") {
    Theirs theirs;
    Place& place = theirs.place;
    place.options.git.enabled = GENERATE(false, true);
    place.options.directory.entity_types = {"note"};
    Workspace workspace(place.options);
    place.write(".gitignore", ".Trash-0/\nlost+found\n");
    theirs.make_forbidden("lost+found");
    theirs.make_forbidden(".Trash-0");
    workspace.store().put({"note", "a", "a\n"});
    workspace.sync();
    CHECK(place.has("note/a.md"));
    CHECK(held_in(workspace).empty());
    check_no_drift(workspace);
}

}  // namespace fluentsync::flow
