// What another machine has pushed is not taken back by what happens here in the middle of a pull.
#include <catch2/catch.hpp>

#include "half_pull.hpp"

namespace fluentsync::flow {

namespace {

void person_commits(const std::string& folder, const std::string& path, const std::string& text) {
    write_file(folder + "/" + path, text);
    support::run_git(folder, {"add", path});
    support::run_git(folder, {"-c", "user.name=P", "-c", "user.email=p@example.org", "commit", "-q", "-m",
                              "an own commit"});
}

/// What the half-way pull had stands in the remote, and what was made here has come there too.
void check_nothing_is_taken_back(HalfPull& half, Workspace& workspace, const std::string& root) {
    CHECK(half.place.git({"--git-dir=" + half.remote.path(), "show", "main:note/changed.md"}) == "two");
    CHECK(half.place.git({"--git-dir=" + half.remote.path(), "show", "main:note/kept.md"}) == "two");
    CHECK(half.place.git({"--git-dir=" + half.remote.path(), "show", "main:early.txt"}) == "two");
    CHECK(half.place.git({"--git-dir=" + half.remote.path(), "show", "main:note/new.md"}) == "new");
    CHECK(read_file(root + "/note/changed.md") == "two\n");
    CHECK(content_of(workspace, "note", "kept") == "two\n");
    CHECK(content_of(workspace, "note", "new") == "new\n");
    CHECK(support::run_git(root, {"rev-parse", "HEAD"}) == half.remote.tip("main"));
}

}  // namespace

TEST_CASE("pull: one that stopped half-way, and then another clone of the same database") {
    const bool committed = GENERATE(true, false);
    INFO("committed as local work: " << committed);
    HalfPull half;
    const std::string clone = half.place.base.path() + "/clone";
    half.place.git({"clone", "-q", half.remote.path(), clone});
    half.bring();
    if (committed) {
        half.workspace->git().commit();
    }
    half.workspace.reset();
    half.full.reset();
    person_commits(clone, "own.txt", "own\n");
    WorkspaceOptions options = with_remote(half.place, half.remote.path());
    options.directory.sync_path = clone;
    Workspace other(options);
    other.sync();
    CHECK(support::run_git(clone, {"show", "HEAD:own.txt"}) == "own");
    check_nothing_is_taken_back(half, other, clone);
    CHECK(drifts(other).empty());
}

TEST_CASE("pull: one that stopped half-way was committed as local work, which a person takes out of HEAD") {
    const std::string how = GENERATE("--hard", "--mixed", "--soft", "amend", "switch");
    INFO("by " << how);
    HalfPull half;
    half.bring();
    REQUIRE_FALSE(half.workspace->git().commit().commit.empty());
    const bool while_it_is_open = how != "amend" && how != "--hard";
    if (!while_it_is_open) {
        half.workspace.reset();
    }
    if (how == "amend") {
        half.place.git({"add", "-A"});
        half.place.git({"-c", "user.name=P", "-c", "user.email=p@example.org", "commit", "-q", "--amend",
                        "-m", "in other words"});
    } else if (how == "switch") {
        half.place.git({"switch", "-q", "-f", "-C", "main", "HEAD~1"});
    } else {
        half.place.git({"reset", "-q", how, "HEAD~1"});
    }
    half.full.reset();
    person_commits(half.place.root(), "own.txt", "own\n");
    if (!while_it_is_open) {
        half.reopen();
    }
    half.workspace->sync();
    check_nothing_is_taken_back(half, *half.workspace, half.place.root());
    half.check_converged();
}

TEST_CASE(
    "pull: edits of files that a person has put back to the version before a pull that stopped half-way") {
    HalfPull half;
    half.bring();
    REQUIRE_FALSE(half.workspace->git().commit().commit.empty());
    half.place.git({"reset", "-q", "--hard", "HEAD~1"});
    half.workspace->directory().import_all();
    half.place.write("early.txt", "one\nand a line\n");
    half.workspace->directory().import_all();
    half.workspace->git().commit();
    half.full.reset();
    half.workspace->sync();
    CHECK(half.workspace->store().conflicts().size() == 1);  // Both changed the same place.
    CHECK(content_of(*half.workspace, "note", "kept") == "two\n");
    CHECK(half.place.read("note/changed.md") == "two\n");
}

TEST_CASE("pull: files that a person puts back in the middle of a pull come in with its end") {
    const bool ends = GENERATE(true, false);
    INFO("the same pull is finished: " << ends);
    HalfPull half;
    half.bring();
    half.workspace.reset();
    half.place.git({"reset", "-q", "--hard"});
    REQUIRE(half.place.read("early.txt") == "one\n");
    REQUIRE(half.place.read("note/kept.md") == "one\n");
    if (ends) {
        half.full.reset();
    }
    half.reopen();
    half.workspace->git().commit();
    if (!ends) {
        half.person_mends();
    }
    half.workspace->sync();
    check_nothing_is_taken_back(half, *half.workspace, half.place.root());
    half.check_converged();
}

}  // namespace fluentsync::flow
