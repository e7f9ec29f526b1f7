// What editors leave behind and a commit has brought: git's alone, whatever a person does to it.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

void person_commits_all(const Place& place) {
    place.git({"add", "-A", "-f", "note", "top.txt~", "pictures"});
    place.git({"-c", "user.name=P", "-c", "user.email=p@example.org", "commit", "-q", "-m", "tidied"});
}

const std::vector<std::string> kLitter = {"note/a.md~", "note/.a.md.swp", "pictures/desktop.ini", "top.txt~"};

struct Littered {
    Littered() {
        for (const std::string& path : kLitter) {
            write_file(remote.person() + "/" + path, "one\n");
        }
        write_file(remote.person() + "/note/a.md", "a\n");
        person_pushes(remote);
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
        for (const std::string& path : kLitter) {
            REQUIRE(place.read(path) == "one\n");
        }
    }
    /// Something of ours to commit.
    void put_and_sync(const std::string& content) {
        workspace->store().put({"note", "ours", content});
        workspace->sync();
        REQUIRE(place.git({"show", "origin/main:note/ours.md"}) + "\n" == content);
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
};

}  // namespace

TEST_CASE("litter that git has: a person's commit of it is not taken back by ours") {
    const bool removes = GENERATE(false, true);
    INFO("the person removes it: " << removes);
    Littered both;
    for (const std::string& path : kLitter) {
        if (removes) {
            both.place.remove(path);
        } else {
            both.place.write(path, "two\n");
        }
    }
    person_commits_all(both.place);
    both.put_and_sync("ours\n");
    const std::string paths = tree_paths(both.place, "origin/main");
    for (const std::string& path : kLitter) {
        CHECK((paths.find(path) == std::string::npos) == removes);
        CHECK(both.place.has(path) != removes);
        if (!removes) {
            CHECK(both.place.git({"show", "origin/main:" + path}) == "two");
        }
    }
    CHECK(both.workspace->status().git->uncommitted == 0);
    CHECK(drifts(*both.workspace).empty());
}

TEST_CASE(
    "litter that git has: the remote's next version meets an edit, and nothing of it is committed here") {
    Littered both;
    for (const std::string& path : kLitter) {
        both.place.write(path, "edited here\n");
        write_file(both.remote.person() + "/" + path, "two\n");
    }
    person_pushes(both.remote);
    both.put_and_sync("ours\n");
    both.put_and_sync("ours once more\n");
    for (const std::string& path : kLitter) {
        CHECK(both.place.git({"show", "origin/main:" + path}) == "two");
    }
    CHECK(both.workspace->status().git->uncommitted == 0);
}

TEST_CASE("litter that git has: what the remote removes stays removed, also where it was edited here") {
    Littered both;
    for (const std::string& path : kLitter) {
        both.place.write(path, "edited here\n");
        std::filesystem::remove(both.remote.person() + "/" + path);
    }
    person_pushes(both.remote);
    both.put_and_sync("ours\n");
    both.put_and_sync("ours once more\n");
    for (const std::string& path : kLitter) {
        CHECK(tree_paths(both.place, "origin/main").find(path) == std::string::npos);
        CHECK(both.place.read(path) == "edited here\n");
    }
    CHECK(both.workspace->status().git->uncommitted == 0);
}

}  // namespace fluentsync::flow
