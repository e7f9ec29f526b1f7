// What a person gave a file besides its bytes stays when an export or a pull replaces it.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

struct stat look(const Place& place, const std::string& path) {
    struct stat info = {};
    REQUIRE(::lstat((place.root() + "/" + path).c_str(), &info) == 0);
    return info;
}

mode_t mode(const Place& place, const std::string& path) {
    return look(place, path).st_mode & 07777;
}

void set_mode(const Place& place, const std::string& path, mode_t mode) {
    REQUIRE(::chmod((place.root() + "/" + path).c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("likeness: a private note stays private when a pull or a put replaces it") {
    support::BareRemote remote;
    remote.push_file("note/pulled.md", "first\n");
    remote.push_file("note/put.md", "first\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    set_mode(place, "note/pulled.md", 0600);
    set_mode(place, "note/put.md", 0640);
    remote.push_file("note/pulled.md", "second\n");
    workspace.store().put({"note", "put", "second\n"});
    workspace.sync();
    CHECK(place.read("note/pulled.md") == "second\n");
    CHECK(mode(place, "note/pulled.md") == 0600);
    CHECK(place.read("note/put.md") == "second\n");
    CHECK(mode(place, "note/put.md") == 0640);
}

TEST_CASE("likeness: a commit that makes a private script executable opens it to nobody") {
    support::BareRemote remote;
    remote.push_file("run.sh", "true\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    set_mode(place, "run.sh", 0600);
    support::run_git(remote.person(), {"pull", "-q", "--no-rebase", "origin", "main"});
    support::run_git(remote.person(), {"update-index", "--chmod=+x", "run.sh"});
    ::chmod((remote.person() + "/run.sh").c_str(), 0755);
    support::run_git(remote.person(), {"commit", "-q", "-m", "executable"});
    support::run_git(remote.person(), {"push", "-q", "origin", "HEAD:main"});
    workspace.sync();
    CHECK(mode(place, "run.sh") == 0700);
}

TEST_CASE("likeness: what root's service writes in a person's folder is the person's") {
    if (::geteuid() != 0) {
        WARN("not root: nothing can be given to another user");
        return;
    }
    constexpr uid_t kPerson = 1234;
    support::BareRemote remote;
    remote.push_file("note/pulled.md", "first\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    for (const char* path : {"note", "note/pulled.md"})
        REQUIRE(::chown((place.root() + "/" + path).c_str(), kPerson, kPerson) == 0);
    remote.push_file("note/pulled.md", "second\n");
    remote.push_file("note/deep/pulled.md", "new\n");
    workspace.store().put({"note", "put", "new\n"});
    workspace.sync();
    for (const char* path : {"note/pulled.md", "note/deep", "note/deep/pulled.md", "note/put.md"}) {
        INFO(path);
        CHECK(look(place, path).st_uid == kPerson);
        CHECK(look(place, path).st_gid == kPerson);
    }
}

}  // namespace fluentsync::flow
