// Git to files and store: what a remote's commit may and may not do to what is here.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

namespace {

/// The remote's person takes what is there, changes it by `git` calls or by hand, and pushes.
void person_pulls(const support::BareRemote& remote) {
    support::run_git(remote.person(), {"pull", "-q", "--no-rebase", "origin", "main"});
}

/// As a crash leaves it that comes after the files of `target` and before the branch.
void cut_short(const Place& place, const std::string& before, const std::string& target) {
    const std::string& store = place.options.store.path;
    place.git({"update-ref", "refs/heads/main", before});
    raw_sql(store, "UPDATE named_values SET value = '" + before + "' WHERE name = 'head'");
    raw_sql(store,
            "INSERT INTO named_values(name, value) VALUES('applying', '" + target + " " + before + "')");
}

}  // namespace

TEST_CASE("pull: a first clone keeps what was here, alone or different [trap-11]") {
    support::BareRemote remote;
    remote.push_file("note/same.md", "same\n");
    remote.push_file("note/differs.md", "theirs\n");
    remote.push_file("top.txt", "their top\n");
    const std::string tip = remote.push_file("note/theirs.md", "theirs alone\n");
    Place place;
    place.write("note/same.md", "same\n");
    place.write("note/differs.md", "ours\n");
    place.write("note/ours.md", "ours alone\n");
    place.write("top.txt", "our top\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(place.read("note/ours.md") == "ours alone\n");
    CHECK(place.read("note/theirs.md") == "theirs alone\n");
    CHECK(workspace.store().count() == 4);
    std::set<std::string> versions;
    for (const Conflict& conflict : workspace.store().conflicts()) {
        CHECK(conflict.winner_content == place.read(conflict.path));
        versions.insert(conflict.winner_content);
        versions.insert(conflict.loser_content);
    }
    CHECK(versions == std::set<std::string>{"ours\n", "theirs\n", "our top\n", "their top\n"});
    CHECK(place.git({"merge-base", "HEAD", tip}) == tip);
    CHECK(remote.tip("main") == place.head());
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: a held deletion that it brings too, of a file that is ignored since, waits no longer") {
    support::BareRemote remote;
    Place place;
    place.options.directory.deletion_guard.min_count = 1;
    for (const char* name : {"a.txt", "b.txt", "c.txt", "d.txt"})
        place.write(name, std::string(name) + "\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    for (const char* name : {"a.txt", "b.txt", "c.txt"})
        place.remove(name);
    workspace.sync();
    REQUIRE(workspace.status().directory.held_deletions == 3);
    person_pulls(remote);
    support::run_git(remote.person(), {"rm", "-q", "a.txt"});
    remote.push_file(".gitignore", "/a.txt\n");
    workspace.sync();
    CHECK(workspace.status().directory.held_deletions == 2);
    CHECK(workspace.directory().confirm_deletions() == 2);
    workspace.sync();
    CHECK(workspace.status().directory.held_deletions == 0);
    CHECK(place.git({"ls-files"}) == ".gitignore\nd.txt");
}

TEST_CASE(
    "pull: a held deletion that it brings too, where a repository of its own stands since, waits no longer") {
    support::BareRemote remote;
    Place place;
    place.options.directory.deletion_guard.min_count = 1;
    for (const char* name : {"sub/a.txt", "b.txt", "c.txt", "d.txt"})
        place.write(name, std::string(name) + "\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    for (const char* name : {"sub/a.txt", "b.txt", "c.txt"})
        place.remove(name);
    workspace.sync();
    REQUIRE(workspace.status().directory.held_deletions == 3);
    support::run_git(place.root(), {"init", "-q", "sub"});
    person_pulls(remote);
    support::run_git(remote.person(), {"rm", "-q", "sub/a.txt"});
    person_pushes(remote);
    workspace.sync();
    CHECK(workspace.status().directory.held_deletions == 2);
    CHECK(workspace.directory().confirm_deletions() == 2);
    workspace.sync();
    CHECK(workspace.status().directory.held_deletions == 0);
}

TEST_CASE("pull: a crash after the files and before the branch ends in the remote's commit [trap-19]") {
    for (const bool with_note : {true, false}) {
        INFO("the note of the target is there: " << with_note);
        support::BareRemote remote;
        remote.push_file("note/a.md", "one\n");
        const std::string before = remote.push_file("plain.txt", "one\n");
        Place place;
        const WorkspaceOptions options = with_remote(place, remote.path());
        {
            Workspace workspace(options);
            workspace.sync();
            remote.push_file("note/a.md", "two\n");
            remote.push_file("note/b.md", "new\n");
            remote.push_file("plain.txt", "two\n");
            workspace.git().pull();
        }
        const std::string target = remote.tip("main");
        REQUIRE(place.head() == target);
        place.git({"update-ref", "refs/heads/main", before});
        raw_sql(options.store.path, "UPDATE named_values SET value = '" + before + "' WHERE name = 'head'");
        if (with_note) {
            raw_sql(options.store.path, "INSERT INTO named_values(name, value) VALUES('applying', '" +
                                            target + " " + before + "')");
        }
        Workspace workspace(options);
        workspace.sync();
        CHECK(place.head() == target);
        CHECK(remote.tip("main") == target);
        CHECK(content_of(workspace, "note", "a") == "two\n");
        CHECK(content_of(workspace, "note", "b") == "new\n");
        CHECK(workspace.store().conflicts().empty());
        CHECK(git_status(place).empty());
        CHECK(drifts(workspace).empty());
    }
}

TEST_CASE("pull: an edit made after a crash cut an apply short is no conflict [trap-19]") {
    support::BareRemote remote;
    const std::string before = remote.push_file("note/a.md", "one\n");
    Place place;
    const WorkspaceOptions options = with_remote(place, remote.path());
    {
        Workspace workspace(options);
        workspace.sync();
        remote.push_file("note/a.md", "two\n");
        workspace.git().pull();
    }
    const std::string target = remote.tip("main");
    cut_short(place, before, target);
    place.write("note/a.md", "two and three\n");
    Workspace workspace(options);
    workspace.sync();
    CHECK(content_of(workspace, "note", "a") == "two and three\n");
    CHECK(workspace.store().conflicts().empty());
    CHECK(place.git({"rev-parse", "HEAD~1"}) == target);
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "two and three");
}

TEST_CASE(
    "pull: one that a crash cut short waits for a person in the middle of a merge [trap-19] [trap-35]") {
    support::BareRemote remote;
    const std::string before = remote.push_file("note/a.md", "one\n");
    Place place;
    const WorkspaceOptions options = with_remote(place, remote.path());
    {
        Workspace workspace(options);
        workspace.sync();
        remote.push_file("note/a.md", "two\n");
        workspace.git().pull();
    }
    const std::string target = remote.tip("main");
    cut_short(place, before, target);
    place.write(".git/MERGE_HEAD", before + "\n");
    {
        Workspace workspace(options);
        CHECK_THROWS_AS(workspace.sync(), Error);
        CHECK(place.head() == before);
    }
    place.remove(".git/MERGE_HEAD");
    Workspace workspace(options);
    workspace.sync();
    CHECK(place.head() == target);
    CHECK(content_of(workspace, "note", "a") == "two\n");
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: an untracked file in the way is kept and does not block [trap-29]") {
    support::BareRemote remote;
    remote.push_file("note/first.md", "first\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    place.write("note/same.md", "the same\n");
    place.write("note/other.md", "here\n");
    place.write("image.bin", "here\n");
    remote.push_file("note/same.md", "the same\n");
    remote.push_file("note/other.md", "there\n");
    remote.push_file("image.bin", "there\n");
    workspace.git().pull();
    CHECK(place.head() == remote.tip("main"));
    std::set<std::string> versions;
    for (const Conflict& conflict : workspace.store().conflicts()) {
        versions.insert(conflict.path + "=" + conflict.loser_content);
        versions.insert(conflict.path + "=" + place.read(conflict.path));
    }
    CHECK(versions == std::set<std::string>{"note/other.md=here\n", "note/other.md=there\n",
                                            "image.bin=here\n", "image.bin=there\n"});
    workspace.sync();
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE(
    "pull: something that is no file in the way is listed, and everything else arrives [trap-29] [trap-42]") {
    support::BareRemote remote;
    remote.push_file("note/first.md", "first\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    std::filesystem::create_symlink("/etc/hostname", place.file("note/link.md"));
    place.write("note/folder.md/inside.log", "a person's\n");
    place.write(".git/info/exclude", "blocked\n*.log\n");
    place.write("blocked", "a file that git ignores\n");
    remote.push_file("note/link.md", "from the remote\n");
    remote.push_file("note/folder.md", "from the remote\n");
    remote.push_file("blocked/deep/note.md", "from the remote\n");
    remote.push_file("note/second.md", "second\n");
    workspace.sync();
    CHECK(place.head() == remote.tip("main"));
    CHECK(content_of(workspace, "note", "second") == "second\n");
    CHECK(std::filesystem::is_symlink(place.file("note/link.md")));
    CHECK(place.read("note/folder.md/inside.log") == "a person's\n");
    CHECK(place.read("blocked") == "a file that git ignores\n");
    const auto held = held_paths(workspace);
    CHECK(held.count("note/link.md") == 1);
    CHECK(held.count("note/folder.md") == 1);
    CHECK(held.count("blocked/deep/note.md") == 1);
    workspace.sync();
    CHECK(place.head() == remote.tip("main"));
    // Out of the way: they come without another commit.
    place.remove("note/link.md");
    std::filesystem::remove_all(place.file("note/folder.md"));
    place.remove("blocked");
    workspace.sync();
    CHECK(content_of(workspace, "note", "link") == "from the remote\n");
    CHECK(content_of(workspace, "note", "folder") == "from the remote\n");
    CHECK(content_of(workspace, "blocked", "deep/note") == "from the remote\n");
    CHECK(held_paths(workspace).empty());
    CHECK(place.head() == remote.tip("main"));
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: deletions against edits, both ways: the edit stays [trap-30]") {
    support::BareRemote remote;
    remote.push_file("note/theirs-gone.md", "one\n");
    remote.push_file("note/ours-gone.md", "one\n");
    remote.push_file("note/both-gone.md", "one\n");
    remote.push_file("note/stays.md", "one\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    workspace.store().put({"note", "theirs-gone", "edited here\n"});
    workspace.store().remove({"note", "ours-gone"});
    workspace.store().remove({"note", "both-gone"});
    support::run_git(remote.person(), {"rm", "-q", "note/theirs-gone.md", "note/both-gone.md"});
    support::write_file(remote.person() + "/note/ours-gone.md", "edited there\n");
    person_pushes(remote);
    workspace.sync();
    CHECK(content_of(workspace, "note", "theirs-gone") == "edited here\n");
    CHECK(content_of(workspace, "note", "ours-gone") == "edited there\n");
    CHECK_FALSE(workspace.store().get({"note", "both-gone"}));
    CHECK(tree_paths(place) == "note/ours-gone.md\nnote/stays.md\nnote/theirs-gone.md");
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: an edit here follows a rename there [trap-30]") {
    support::BareRemote remote;
    remote.push_file("note/old.md", "a\nb\nc\nd\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    support::run_git(remote.person(), {"mv", "note/old.md", "note/new.md"});
    person_pushes(remote);
    workspace.store().put({"note", "old", "a\nb\nc\nD\n"});
    workspace.sync();
    CHECK(content_of(workspace, "note", "new") == "a\nb\nc\nD\n");
    CHECK_FALSE(workspace.store().get({"note", "old"}));
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: a file becomes a folder and a folder a file [trap-30]") {
    support::BareRemote remote;
    remote.push_file("data", "a file\n");
    remote.push_file("box/deep/one.md", "one\n");
    remote.push_file("note/a.md", "a\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    support::run_git(remote.person(), {"rm", "-q", "-r", "data", "box"});
    support::write_file(remote.person() + "/data/x.md", "below\n");
    support::write_file(remote.person() + "/box", "a file now\n");
    const std::string pushed = person_pushes(remote);
    workspace.sync();
    CHECK(place.head() == pushed);
    CHECK(place.read("data/x.md") == "below\n");
    CHECK(place.read("box") == "a file now\n");
    CHECK_FALSE(workspace.store().get({"box", "deep/one"}));
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: uncommitted changes here are kept; what cannot be merged is recorded once") {
    support::BareRemote remote;
    remote.push_file("note/merges.md", "1\n2\n3\n4\n5\n");
    remote.push_file("note/differs.md", "one\n");
    Place place;
    EventLog log;
    Workspace workspace(with_remote(place, remote.path()));
    const auto subscription = workspace.subscribe(log);
    workspace.sync();
    workspace.store().put({"note", "merges", "1\n2\n3\n4\nFIVE\n"});
    place.write("note/differs.md", "ours\n");
    support::write_file(remote.person() + "/note/merges.md", "ONE\n2\n3\n4\n5\n");
    support::write_file(remote.person() + "/note/differs.md", "theirs\n");
    const std::string pushed = person_pushes(remote);
    const PullResult pulled = workspace.git().pull();
    CHECK(pulled.head == pushed);  // Nothing was committed here, so there is nothing to merge as commits.
    CHECK(place.read("note/merges.md") == "ONE\n2\n3\n4\nFIVE\n");
    CHECK(content_of(workspace, "note", "merges") == "ONE\n2\n3\n4\nFIVE\n");
    const auto conflicts = workspace.store().conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].path == "note/differs.md");
    CHECK(std::set<std::string>{conflicts[0].winner_content, conflicts[0].loser_content} ==
          std::set<std::string>{"ours\n", "theirs\n"});
    CHECK(place.read("note/differs.md") == conflicts[0].winner_content);
    workspace.sync();
    workspace.sync();
    CHECK(workspace.store().conflicts().size() == 1);
    CHECK(log.wait_for(EventKind::sync_completed));
    CHECK(log.count(EventKind::conflict_detected) == 1);
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: conflict markers reach neither disk, store nor commits [trap-25]") {
    support::BareRemote remote;
    remote.push_file("note/a.md", "one\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    for (const char* text : {"ours\n", "ours again\n"}) {
        workspace.store().put({"note", "a", text});
        workspace.git().commit();
        person_pulls(remote);
        support::write_file(remote.person() + "/note/a.md", std::string("theirs against ") + text);
        person_pushes(remote);
        workspace.sync();
    }
    CHECK(place.git({"log", "--all", "-G<<<<<<<", "--format=%H"}).empty());
    CHECK(place.read("note/a.md").find("<<<<") == std::string::npos);
    CHECK(place.read("note/a.md") == content_of(workspace, "note", "a"));
    CHECK_FALSE(workspace.store().conflicts().empty());
}

}  // namespace fluentsync::flow
