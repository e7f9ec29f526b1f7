// Git's index and HEAD, as a person and other programs leave them, and how all the rest follows.
#include <catch2/catch.hpp>

#include "event_log.hpp"
#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

void put_three(Workspace& workspace) {
    for (const char* id : {"1", "2", "3"})
        workspace.store().put({"note", id, std::string(id) + "\n"});
    workspace.sync();
}

void set_old(const std::string& file) {
    std::filesystem::last_write_time(file,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

/// As a person's commit from an index that had not followed `tree` yet.
void person_commits(const Place& place, const std::string& tree) {
    const std::string commit =
        place.git({"commit-tree", "-p", "HEAD", "-m", "by a person", place.git({"rev-parse", tree})});
    place.git({"update-ref", "refs/heads/main", commit});
}

/// Everywhere, or nowhere.
bool is_there(const Place& place, Workspace& workspace, const std::string& id) {
    const std::string path = "note/" + id + ".md";
    const bool there = place.has(path);
    CHECK(workspace.store().get({"note", id}).has_value() == there);
    CHECK((tree_paths(place).find(path) != std::string::npos) == there);
    return there;
}

void check_in_step(const Place& place, const Workspace& workspace) {
    CHECK(drifts(workspace).empty());
    CHECK(git_status(place).empty());
    CHECK(workspace.status().git->last_error.empty());
}

}  // namespace

TEST_CASE("git: an index that somebody removed is made anew, nothing looks staged [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    const std::string head = place.head();
    place.remove(".git/index");
    SECTION("with HEAD where it was") {
        workspace.sync();
        CHECK(place.head() == head);
    }
    SECTION("before a commit of ours") {
        workspace.store().put({"note", "1", "one\n"});
        workspace.sync();
        CHECK(place.head() != head);
    }
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git: an edit right after our commit is one to git, and none once it is taken back [trap-26]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.git().commit();
    place.write("note/a.md", "edited before the index followed\n");
    set_old(place.file("note/a.md"));  // Older than the index: else git looks at the content in any case.
    REQUIRE(wait_until([&] { return place.git({"ls-files"}) == "note/a.md"; }));
    CHECK(git_status(place) == " M note/a.md");
    place.write("note/a.md", "one\n");
    set_old(place.file("note/a.md"));
    CHECK(git_status(place) == "");
}

TEST_CASE("git: an index that was made anew is not written again") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    place.remove(".git/index");
    workspace.sync();
    const auto written = std::filesystem::last_write_time(place.file(".git/index"));
    workspace.sync();
    CHECK(std::filesystem::last_write_time(place.file(".git/index")) == written);
}

TEST_CASE("git: a repository that was removed comes back with an index that is in step [trap-35]") {
    Place place;
    {
        Workspace workspace(place.options);
        put_three(workspace);
    }
    std::filesystem::remove_all(place.file(".git"));
    SECTION("made by us") {}
    SECTION("made by a person, who has added a file") {
        place.git({"init", "-q", "-b", "main"});
        place.git({"add", "note/2.md"});
    }
    SECTION("made by a person, who has edited a file and added another") {
        place.write("note/1.md", "edited\n");  // So that the trees known before are not made anew.
        place.git({"init", "-q", "-b", "main"});
        place.git({"add", "note/2.md"});
    }
    Workspace workspace(place.options);
    workspace.sync();
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git: the index follows a HEAD that a person reset and that came back to its tree [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    place.write("note/1.md", "edited\n");
    place.write("note/7.md", "new\n");
    workspace.sync();
    const std::string tree = place.git({"rev-parse", "HEAD^{tree}"});
    place.git({"reset", "-q", "--hard", "HEAD~1"});
    place.write("todo.txt", "staged\n");
    place.git({"add", "todo.txt"});
    place.remove("todo.txt");
    SECTION("by a person's files") {
        place.write("note/1.md", "edited\n");
        place.write("note/7.md", "new\n");
        workspace.sync();
        CHECK(place.git({"rev-parse", "HEAD^{tree}"}) == tree);
    }
    SECTION("or stayed, as the files that the reset has left say") {
        workspace.sync();
    }
    CHECK(place.git({"diff", "--cached", "--name-status"}) == "A\ttodo.txt");
    CHECK(place.git({"show", ":todo.txt"}) == "staged");
}

TEST_CASE("git: what a person staged in an index of another tree stays staged [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    place.write("note/1.md", "edited\n");
    workspace.sync();
    place.git({"reset", "-q", "HEAD", "--", "."});
    place.git({"rm", "-q", "--cached", "note/2.md"});
    place.git({"reset", "-q", "HEAD~1", "--", "note/1.md"});
    const std::string staged = place.git({"diff", "--cached", "--name-status"});
    REQUIRE(staged == "M\tnote/1.md\nD\tnote/2.md");
    workspace.sync();
    CHECK(place.git({"diff", "--cached", "--name-status"}) == staged);
}

TEST_CASE("git: a file that a person only meant to add is added by our commit [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    place.write("note/n.md", "new\n");
    place.git({"add", "-N", "note/n.md"});
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/n.md"}) == "new");
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git: a lock that was left on the index is told once, and is gone with it [trap-28]") {
    Place place;
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    put_three(workspace);
    const std::string lock = place.file(".git/index.lock");
    support::write_file(lock, "");
    workspace.store().put({"note", "1", "one\n"});
    workspace.sync();
    CHECK(workspace.status().git->last_error.empty());  // Young: somebody may be at work.
    std::filesystem::last_write_time(lock,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    for (const char* text : {"two\n", "three\n"}) {
        workspace.store().put({"note", "1", text});
        workspace.sync();
    }
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "three");
    CHECK(workspace.status().git->last_error.find("index.lock") != std::string::npos);
    REQUIRE(log.wait_for(EventKind::error));
    CHECK(log.count(EventKind::error) == 1);
    place.remove(".git/index.lock");
    workspace.sync();
    CHECK(workspace.status().git->last_error.empty());
    CHECK(git_status(place).empty());
}

TEST_CASE("head: a deletion that a person's reset took out of HEAD stands, as the folder does [trap-10]") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    workspace.store().remove({"note", "1"});  // A rename, as it is to git.
    workspace.store().put({"note", "one", "1\n"});
    workspace.sync();
    const std::string tree = place.git({"rev-parse", "HEAD^{tree}"});
    SECTION("and the index") {
        place.git({"reset", "-q", "HEAD~1"});
    }
    SECTION("but not of the index") {
        place.git({"reset", "-q", "--soft", "HEAD~1"});
    }
    SECTION("and a commit of their own followed") {
        place.git({"reset", "-q", "HEAD~1"});
        place.git({"add", "note/one.md"});
        place.git({"commit", "-q", "-m", "by a person"});
    }
    workspace.sync();
    CHECK_FALSE(is_there(place, workspace, "1"));
    CHECK(place.git({"rev-parse", "HEAD^{tree}"}) == tree);
    check_in_step(place, workspace);
}

TEST_CASE("head: a person's reset that brings a deleted file back brings its entity back") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    workspace.store().remove({"note", "1"});
    workspace.sync();
    place.git({"reset", "-q", "--hard", "HEAD~1"});
    workspace.sync();
    CHECK(is_there(place, workspace, "1"));
    check_in_step(place, workspace);
}

TEST_CASE("head: replicas agree on a file that was deleted here and is in a person's commit again") {
    support::BareRemote remote;
    Place place;
    Place other;
    bool stays_deleted = false;
    {
        Workspace workspace(with_remote(place, remote.path()));
        put_three(workspace);
        workspace.store().remove({"note", "1"});
        workspace.sync();
        SECTION("by the last commit, which their index had not followed yet [trap-10]") {
            person_commits(place, "HEAD~1^{tree}");
            stays_deleted = true;
        }
        SECTION("by an earlier one") {
            workspace.store().put({"note", "2", "two\n"});
            workspace.sync();
            person_commits(place, "HEAD~2^{tree}");
        }
        workspace.sync();
        CHECK(is_there(place, workspace, "1") != stays_deleted);
        check_in_step(place, workspace);
    }
    Workspace workspace(with_remote(place, remote.path()));
    Workspace replica(with_remote(other, remote.path()));
    for (Workspace* each : {&workspace, &replica, &workspace})
        each->sync();
    CHECK(is_there(place, workspace, "1") != stays_deleted);
    CHECK(is_there(other, replica, "1") != stays_deleted);
    CHECK(place.head() == other.head());
}

TEST_CASE("head: what came to HEAD alone comes in, once nothing is in its way") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    place.git({"checkout", "-q", "-b", "side"});
    support::commit_file(place.root(), "note/4.md", "4\n");
    place.git({"checkout", "-q", "main"});
    place.write("note/4.md/todo.txt", "in the way\n");
    workspace.sync();
    person_commits(place, "side^{tree}");
    workspace.sync();
    CHECK(held_paths(workspace).count("note/4.md") == 1);
    std::filesystem::remove_all(place.file("note/4.md"));
    workspace.sync();
    CHECK(is_there(place, workspace, "4"));
    check_in_step(place, workspace);
}

TEST_CASE("head: a deletion beside a person's commit on a detached HEAD outlives their return [trap-10]") {
    Place place;
    Workspace workspace(place.options);
    put_three(workspace);
    workspace.store().put({"note", "4", "4\n"});
    workspace.directory().flush();
    place.git({"checkout", "-q", "--detach"});
    place.git({"add", "-A"});
    place.git({"commit", "-q", "-m", "by a person"});
    SECTION("of the entity") {
        workspace.store().remove({"note", "4"});
    }
    SECTION("of the file") {
        place.remove("note/4.md");
    }
    workspace.directory().import_all();
    CHECK_FALSE(place.has("note/4.md"));
    place.git({"checkout", "-q", "-B", "main"});
    workspace.sync();
    CHECK_FALSE(is_there(place, workspace, "4"));
    check_in_step(place, workspace);
}

}  // namespace fluentsync::flow
