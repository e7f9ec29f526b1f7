// A pull that fails half-way for good, and the remote that goes on meanwhile.
#include <catch2/catch.hpp>
#include <memory>

#include "git_steps.hpp"
#include "half_pull.hpp"

namespace fluentsync::flow {

namespace {

void person_writes(const support::BareRemote& remote, const std::string& path, const std::string& text) {
    support::write_file(remote.person() + "/" + path, text);
}

void person_removes(const support::BareRemote& remote, const std::string& path) {
    std::filesystem::remove(remote.person() + "/" + path);
}

/// What the person has prepared is brought in, but for the last file of all, which is longer than any that
/// may be written while what it returns lives.
std::unique_ptr<FilesEndAt> fail_half_way(const support::BareRemote& remote, Workspace& workspace) {
    person_writes(remote, "plain.txt", std::string(9'000'000, 'y'));  // More than is written down in one go.
    person_writes(remote, "wrecked.txt", std::string(10'000'000, 'w'));
    person_pushes(remote);
    auto full = std::make_unique<FilesEndAt>(9'500'000);
    REQUIRE_THROWS_AS(workspace.git().pull(), Error);
    return full;
}

/// One without the file that cannot come.
void person_pushes_less(const support::BareRemote& remote) {
    person_removes(remote, "wrecked.txt");
    person_pushes(remote);
}

struct Both {
    Both() {
        remote.push_file("note/changed.md", "one\n");
        remote.push_file("note/kept.md", "one\n");
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
    }
    /// What the pull that fails has for this side.
    void bring() {
        person_writes(remote, "note/changed.md", "two\n");
        person_writes(remote, "note/kept.md", "two\n");
        person_writes(remote, "note/new.md", "new\n");
        fail_half_way();
        REQUIRE(place.read("note/changed.md") == "two\n");
    }
    void fail_half_way() { full = flow::fail_half_way(remote, *workspace); }
    void person_mends() {
        person_pushes_less(remote);
        full.reset();
    }
    void check_converged() {
        CHECK(workspace->store().conflicts().empty());
        CHECK(remote.tip("main") == place.head());
        CHECK(git_status(place).empty());
        CHECK(drifts(*workspace).empty());
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
    std::unique_ptr<FilesEndAt> full;
};

}  // namespace

TEST_CASE("pull: the remote takes back what a pull that was given up had brought") {
    Both both;
    both.bring();
    REQUIRE_FALSE(both.workspace->git().commit().commit.empty());
    REQUIRE(both.place.git({"show", "HEAD:note/new.md"}) == "new");
    person_writes(both.remote, "note/changed.md", "one\n");
    person_removes(both.remote, "note/new.md");
    both.person_mends();
    both.workspace->sync();
    CHECK(both.place.read("note/changed.md") == "one\n");
    CHECK(content_of(*both.workspace, "note", "changed") == "one\n");
    CHECK(both.place.read("note/kept.md") == "two\n");
    CHECK_FALSE(both.place.has("note/new.md"));
    CHECK(content_of(*both.workspace, "note", "new") == "(no entity)");
    both.check_converged();
}

TEST_CASE("pull: an edit of what a pull that was given up had brought outlives the remote's deletion") {
    Both both;
    both.bring();
    both.workspace->git().commit();
    both.workspace->store().put({"note", "new", "edited here\n"});
    person_removes(both.remote, "note/new.md");
    both.person_mends();
    both.workspace->sync();
    CHECK(both.place.read("note/new.md") == "edited here\n");
    CHECK(both.place.read("note/changed.md") == "two\n");
    both.check_converged();
}

TEST_CASE("pull: a deletion of what a pull that was given up had brought stands") {
    const bool before_it_was_given_up = GENERATE(true, false);
    INFO("deleted before the pull was given up: " << before_it_was_given_up);
    Both both;
    both.bring();
    if (!before_it_was_given_up) {
        both.workspace->git().commit();
    }
    both.workspace->store().remove({"note", "new"});
    both.workspace->git().commit();
    both.person_mends();
    both.workspace->sync();
    CHECK_FALSE(both.place.has("note/new.md"));
    CHECK(content_of(*both.workspace, "note", "new") == "(no entity)");
    CHECK(tree_paths(both.place) == "note/changed.md\nnote/kept.md\nplain.txt");
    both.check_converged();
}

TEST_CASE("pull: an edit that was merged into what a pull that was given up had brought is not lost") {
    support::BareRemote remote;
    remote.push_file("note/p.md", "1\n2\n3\n4\n5\n6\n7\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    workspace.store().put({"note", "p", "ONE\n2\n3\n4\n5\n6\n7\n"});
    workspace.git().commit();
    person_writes(remote, "note/p.md", "1\n2\n3\n4\n5\n6\nSEVEN\n");
    auto full = fail_half_way(remote, workspace);
    REQUIRE(place.read("note/p.md") == "ONE\n2\n3\n4\n5\n6\nSEVEN\n");
    workspace.git().commit();
    person_pushes_less(remote);
    full.reset();
    workspace.sync();
    CHECK(place.read("note/p.md") == "ONE\n2\n3\n4\n5\n6\nSEVEN\n");
    CHECK(content_of(workspace, "note", "p") == "ONE\n2\n3\n4\n5\n6\nSEVEN\n");
    CHECK(place.git({"show", "origin/main:note/p.md"}) == "ONE\n2\n3\n4\n5\n6\nSEVEN");
    CHECK(workspace.store().conflicts().empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: one that cannot be finished holds up neither a start nor commits") {
    Both both;
    both.bring();
    both.workspace.reset();
    both.workspace.emplace(with_remote(both.place, both.remote.path()));
    both.workspace->start();
    both.workspace->store().put({"note", "later", "later\n"});
    both.workspace->directory().flush();
    CHECK_FALSE(both.workspace->git().commit().commit.empty());
    CHECK(both.place.git({"show", "HEAD:note/later.md"}) == "later");
    both.person_mends();
    both.workspace->sync();
    both.check_converged();
}

TEST_CASE("pull: the remote's next commit comes in though the one before cannot be finished") {
    Both both;
    both.bring();
    person_writes(both.remote, "note/changed.md", "three\n");
    person_removes(both.remote, "note/new.md");
    both.person_mends();
    both.workspace->git().pull();
    CHECK(both.place.head() == both.remote.tip("main"));  // Nothing was committed here in between.
    both.workspace->sync();
    CHECK(both.place.read("note/changed.md") == "three\n");
    CHECK_FALSE(both.place.has("note/new.md"));
    both.check_converged();
}

TEST_CASE("pull: a deletion on both sides stands when the pull is given up") {
    Both both;
    both.workspace->store().remove({"note", "kept"});
    both.workspace->directory().export_all();
    person_removes(both.remote, "note/kept.md");
    person_writes(both.remote, "note/changed.md", "two\n");
    both.fail_half_way();
    both.workspace->git().commit();
    CHECK_FALSE(both.place.has("note/kept.md"));
    CHECK(tree_paths(both.place) == "note/changed.md\nplain.txt");
    both.person_mends();
    both.workspace->sync();
    both.check_converged();
}

}  // namespace fluentsync::flow
