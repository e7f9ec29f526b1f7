// A pull that fails half-way for good, and the remote that goes on meanwhile.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// More than a pull writes down in one go.
const std::string kLarge(9u << 20, 'y');

/// Whatever reads the blob of `path` in `commit` fails from now on.
void damage_blob(const Place& place, const std::string& commit, const std::string& path) {
    const std::string id = place.git({"rev-parse", commit + ":" + path});
    const std::string object = place.file(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2));
    REQUIRE(std::filesystem::remove(object));
    support::write_file(object, "damaged");
}

void person_pushes(const support::BareRemote& remote) {
    support::run_git(remote.person(), {"add", "-A"});
    support::run_git(remote.person(), {"commit", "-q", "-m", "by a person"});
    support::run_git(remote.person(), {"push", "-q", "origin", "main"});
}

/// What comes before the damaged blob has been brought in, and is a commit of ours since.
void give_up_half_way(const Place& place, const support::BareRemote& remote, Workspace& workspace) {
    support::write_file(remote.person() + "/note/changed.md", "two\n");
    support::write_file(remote.person() + "/note/kept.md", "two\n");
    support::write_file(remote.person() + "/note/new.md", "new\n");
    support::write_file(remote.person() + "/plain.txt", kLarge);
    support::write_file(remote.person() + "/wrecked.txt", "wrecked\n");
    person_pushes(remote);
    place.git({"fetch", "-q", "origin"});
    damage_blob(place, "origin/main", "wrecked.txt");
    REQUIRE_THROWS_AS(workspace.git().pull(), Error);
    REQUIRE(place.read("note/changed.md") == "two\n");
    REQUIRE_FALSE(workspace.git().commit().commit.empty());
    REQUIRE(place.git({"show", "HEAD:note/new.md"}) == "new");
}

}  // namespace

TEST_CASE("pull: the remote takes back what a pull that was given up had brought") {
    support::BareRemote remote;
    remote.push_file("note/changed.md", "one\n");
    remote.push_file("note/kept.md", "one\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    give_up_half_way(place, remote, workspace);

    support::write_file(remote.person() + "/note/changed.md", "one\n");
    std::filesystem::remove(remote.person() + "/note/new.md");
    std::filesystem::remove(remote.person() + "/wrecked.txt");
    person_pushes(remote);
    workspace.sync();
    CHECK(place.read("note/changed.md") == "one\n");
    CHECK(content_of(workspace, "note", "changed") == "one\n");
    CHECK(place.read("note/kept.md") == "two\n");
    CHECK_FALSE(place.has("note/new.md"));
    CHECK(content_of(workspace, "note", "new") == "(no entity)");
    CHECK(workspace.store().conflicts().empty());
    CHECK(remote.tip("main") == place.head());
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: an edit of what a pull that was given up had brought outlives the remote's deletion") {
    support::BareRemote remote;
    remote.push_file("note/changed.md", "one\n");
    remote.push_file("note/kept.md", "one\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    give_up_half_way(place, remote, workspace);

    workspace.store().put({"note", "new", "edited here\n"});
    std::filesystem::remove(remote.person() + "/note/new.md");
    std::filesystem::remove(remote.person() + "/wrecked.txt");
    person_pushes(remote);
    workspace.sync();
    CHECK(place.read("note/new.md") == "edited here\n");
    CHECK(place.read("note/changed.md") == "two\n");
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

}  // namespace fluentsync::flow
