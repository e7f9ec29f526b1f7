// A person's git that goes over files before what is in them has been committed.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

struct Exported {
    Exported() {
        workspace.store().put({"note", "a", "one\n"});
        workspace.git().commit();
        workspace.git().commit();
        place.git({"reset", "-q"});
        workspace.store().put({"note", "a", "two\n"});
        workspace.directory().export_all();
        REQUIRE(place.read("note/a.md") == "two\n");
    }
    Place place;
    Workspace workspace{place.options};
};

}  // namespace

TEST_CASE("git beside: what a person's git takes back before a commit has it is kept as a conflict") {
    const std::string how = GENERATE("checkout", "reset", "restore", "merge");
    INFO("by " << how);
    Exported here;
    if (how == "checkout") {
        here.place.git({"checkout", "-q", "--", "."});
    } else if (how == "reset") {
        here.place.git({"reset", "-q", "--hard"});
    } else if (how == "restore") {
        here.place.git({"restore", "note/a.md"});
    } else {
        here.place.git({"checkout", "-q", "-f", "-b", "other"});  // A merge that moves HEAD and file at once.
        here.place.write("note/a.md", "three\n");
        here.place.git(
            {"-c", "user.name=P", "-c", "user.email=p@e.org", "commit", "-q", "-a", "-m", "three"});
        here.place.git({"checkout", "-q", "main"});
        here.place.git({"merge", "-q", "--ff-only", "other"});
    }
    here.workspace.directory().import_all();
    const std::string file = how == "merge" ? "three\n" : "one\n";
    CHECK(content_of(here.workspace, "note", "a") == file);
    const auto conflicts = here.workspace.store().conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].path == "note/a.md");
    CHECK(conflicts[0].loser_side == "store");
    CHECK(conflicts[0].loser_content == "two\n");
    CHECK(conflicts[0].winner_content == file);
    here.workspace.directory().import_all();
    CHECK(here.workspace.store().conflicts().size() == 1);
}

TEST_CASE("git beside: what a commit or a stash has, or what a person edits, is no conflict") {
    const std::string how = GENERATE("committed", "stashed", "edited", "undone");
    INFO(how);
    Exported here;
    if (how == "committed") {
        here.workspace.git().commit();
        here.place.git({"reset", "-q", "--hard", "HEAD~1"});
    } else if (how == "stashed") {
        here.place.git({"-c", "user.name=P", "-c", "user.email=p@e.org", "stash", "-q"});
    } else {
        here.place.write("note/a.md", how == "edited" ? "edited\n" : "one\n");
    }
    here.workspace.directory().import_all();
    CHECK(content_of(here.workspace, "note", "a") == (how == "edited" ? "edited\n" : "one\n"));
    CHECK(here.workspace.store().conflicts().empty());
}

TEST_CASE(
    "git beside: what a person's git removes with the branch before a commit has it is kept as a conflict") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "z", "there before\n"});
    workspace.git().commit();
    workspace.store().put({"note", "a", "one\n"});
    workspace.git().commit();
    place.git({"reset", "-q"});
    workspace.store().put({"note", "a", "two\n"});
    workspace.directory().export_all();
    place.git({"checkout", "-q", "-f", "-b", "other", "HEAD~1"});
    REQUIRE_FALSE(place.has("note/a.md"));
    workspace.directory().import_all();
    CHECK_FALSE(workspace.store().get({"note", "a"}));
    const auto conflicts = workspace.store().conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].loser_content == "two\n");
    CHECK(conflicts[0].winner_content.empty());
    workspace.store().resolve_conflict(conflicts[0].number, ConflictChoice::loser);
    workspace.directory().flush();
    CHECK(place.read("note/a.md") == "two\n");
}

TEST_CASE("git beside: no merge undoes in the store's version what a person's git takes back in the file") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\nb\nc\nd\ne\n"});
    workspace.git().commit();
    place.git({"reset", "-q"});
    workspace.store().put({"note", "a", "A\nb\nc\nd\ne\n"});
    workspace.directory().export_all();
    place.git({"checkout", "-q", "--", "."});
    const std::string last = "A\nb\nc\nd\nE\n";
    workspace.store().put({"note", "a", last});
    workspace.directory().flush();
    workspace.directory().import_all();
    const auto conflicts = workspace.store().conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK((conflicts[0].loser_content == last || conflicts[0].winner_content == last));
    CHECK(content_of(workspace, "note", "a") == conflicts[0].winner_content);
}

TEST_CASE("git beside: what is put while a person's git holds the index comes into the folder after that") {
    Place place;
    place.options.git.auto_sync = true;
    Workspace workspace(place.options);
    workspace.start();
    workspace.store().put({"note", "a", "one\n"});
    REQUIRE(wait_until([&] { return place.has("note/a.md"); }));
    place.write(".git/index.lock", "");
    workspace.store().put({"note", "a", "two\n"});
    workspace.store().put({"note", "b", "new\n"});
    place.remove(".git/index.lock");
    CHECK(wait_until([&] { return place.read("note/a.md") == "two\n" && place.has("note/b.md"); }));
}

TEST_CASE("git beside: a call that somebody waits for gives way to a held index for some time only") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.git().commit();
    place.write(".git/index.lock", "");
    workspace.store().put({"note", "a", "two\n"});
    CHECK(workspace.directory().export_all() == 1);
    CHECK(place.read("note/a.md") == "two\n");
}

}  // namespace fluentsync::flow
