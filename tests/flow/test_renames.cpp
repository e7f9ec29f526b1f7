// Notes that are renamed: edits follow, and no guard takes them for deleted.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "pair.hpp"

namespace fluentsync::flow {

TEST_CASE("renames: the other side's edit follows, whichever side renamed") {
    const bool renamed_here = GENERATE(true, false);
    INFO("renamed here: " << renamed_here);
    support::BareRemote remote;
    Place place;
    remote.push_file("note/old.md", "one\n");
    remote.push_file("note/other.md", "other\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    if (renamed_here) {
        remote.push_file("note/old.md", "one\nedited\n");
        workspace.store().remove({"note", "old"});
        workspace.store().put({"note", "new", "one\n"});
    } else {
        support::run_git(remote.person(), {"mv", "note/old.md", "note/new.md"});
        person_pushes(remote);
        workspace.store().put({"note", "old", "one\nedited\n"});
    }
    workspace.git().commit();
    workspace.sync();
    CHECK(content_of(workspace, "note", "new") == "one\nedited\n");
    CHECK_FALSE(workspace.store().get({"note", "old"}));
    CHECK(tree_paths(place) == tree_paths(place, "origin/main"));
    CHECK(place.read("note/new.md") == "one\nedited\n");
    CHECK(workspace.store().conflicts().empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("renames: of two copies none is followed") {
    support::BareRemote remote;
    Place place;
    remote.push_file("note/old.md", "one\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    remote.push_file("note/old.md", "one\nedited\n");
    workspace.store().remove({"note", "old"});
    workspace.store().put({"note", "new", "one\n"});
    workspace.store().put({"note", "newer", "one\n"});
    workspace.git().commit();
    workspace.sync();
    CHECK(content_of(workspace, "note", "old") == "one\nedited\n");
    CHECK(content_of(workspace, "note", "new") == "one\n");
}

TEST_CASE("renames: a folder of notes that is renamed is no deletion to be held, one that is removed is") {
    const bool renamed = GENERATE(true, false);
    Pair pair;
    for (int i = 0; i < 8; ++i)
        pair.put(std::to_string(i), "content " + std::to_string(i) + "\n");
    pair.directory().flush();
    if (renamed) {
        std::filesystem::rename(pair.file("note"), pair.file("renamed"));
    } else {
        std::filesystem::remove_all(pair.file("note"));
    }
    pair.directory().flush();
    pair.directory().flush();
    CHECK(pair.directory().status().held_deletions == (renamed ? 0 : 8));
    CHECK(pair.store().count() == 8);
    CHECK(pair.store().get({"note", "1"}).has_value() == !renamed);
}

}  // namespace fluentsync::flow
