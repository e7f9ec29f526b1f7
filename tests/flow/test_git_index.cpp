// Git's index, as a person and other programs leave it, and how it follows HEAD all the same.
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

}  // namespace fluentsync::flow
