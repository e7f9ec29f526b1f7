// File systems mounted below the folder: what one that goes away hides is not deleted, and not written over.
#include <sys/mount.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "git_steps.hpp"
#include "pair.hpp"

namespace fluentsync::flow {

namespace {

/// Mounts one folder of its own on another, or an empty file system; takes all away at the end.
class Disk {
  public:
    explicit Disk(std::string point) : point_(std::move(point)) {}
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;
    ~Disk() {
        while (mounted_ > 0)
            unmount();
    }
    bool mount(const std::string& source) {
        std::filesystem::create_directories(source);
        std::filesystem::create_directories(point_);
        return counted(::mount(source.c_str(), point_.c_str(), nullptr, MS_BIND, nullptr));
    }
    bool mount_empty() { return counted(::mount("none", point_.c_str(), "tmpfs", 0, "size=1m")); }
    void unmount() {
        ::umount2(point_.c_str(), MNT_DETACH);
        --mounted_;
    }

  private:
    bool counted(int failed) {
        if (failed == 0) {
            ++mounted_;
            return true;
        }
        WARN("no right to mount");
        return false;
    }

    const std::string point_;
    int mounted_ = 0;
};

void fill(Pair& pair) {
    for (int i = 0; i < 10; ++i) {
        pair.write("ext/" + std::to_string(i) + ".md", "on the disk\n");
        pair.put(std::to_string(i), "text\n");
    }
    pair.directory().import_all();
}

void look(Pair& pair) {
    pair.directory().import_all();
    pair.directory().flush();
}

}  // namespace

TEST_CASE("mounts: what an unmounted file system held is not deleted, nor written in its place") {
    Pair pair;
    Disk disk(pair.root() + "/ext");
    if (!disk.mount(pair.base / "disk")) return;
    fill(pair);
    disk.unmount();
    look(pair);
    pair.reopen();
    look(pair);
    CHECK(pair.store().count({"ext"}) == 10);
    REQUIRE(pair.held("ext"));
    CHECK(pair.held("ext")->code == ErrorCode::root_unverified);
    CHECK_THAT(pair.held("ext")->reason, Catch::Contains("not mounted"));
    CHECK(pair.directory().status().held_deletions == 10);
    pair.store().put({"ext", "0", "edited meanwhile\n"});
    pair.store().put({"ext", "new", "new\n"});
    pair.store().remove({"ext", "9"});
    pair.write("ext/stray.md", "below the mount point\n");
    pair.remove("note/0.md");
    look(pair);
    CHECK_FALSE(pair.has("ext/0.md"));
    CHECK_FALSE(pair.has("ext/new.md"));
    CHECK_FALSE(pair.content("0"));  // An ordinary deletion goes on.
    CHECK_FALSE(pair.store().get({"ext", "stray"}));

    pair.store().put({"ext", "0", "on the disk\n"});  // What is mounted below takes no writes of ours.
    pair.store().put({"ext", "9", "on the disk\n"});
    pair.store().remove({"ext", "new"});
    REQUIRE(disk.mount(pair.base / "disk"));
    look(pair);
    CHECK(pair.store().count({"ext"}) == 10);
    CHECK_FALSE(pair.held("ext"));
    CHECK(pair.directory().status().held_deletions == 0);
}

TEST_CASE("mounts: another file system over a folder hides what is in it, until it goes") {
    Pair pair;
    Disk disk(pair.root() + "/ext");
    fill(pair);
    if (!disk.mount_empty()) return;
    pair.write("ext/stray.md", "on the other\n");
    look(pair);
    CHECK(pair.store().count({"ext"}) == 10);
    REQUIRE(pair.held("ext"));
    CHECK_THAT(pair.held("ext")->reason, Catch::Contains("mounted over"));
    disk.unmount();
    look(pair);
    CHECK_FALSE(pair.held("ext"));
    pair.remove("ext/3.md");
    look(pair);
    CHECK(pair.store().count({"ext"}) == 9);
}

TEST_CASE("mounts: what a person confirms goes, and files that were moved are taken as they are") {
    Pair pair;
    Disk disk(pair.root() + "/ext");
    if (!disk.mount(pair.base / "disk")) return;
    fill(pair);
    disk.unmount();
    look(pair);
    const bool confirms = GENERATE(true, false);
    if (confirms) {
        CHECK(pair.directory().confirm_deletions() == 10);
    } else {
        for (int i = 0; i < 10; ++i) {
            const std::string name = "/" + std::to_string(i) + ".md";
            std::filesystem::rename(pair.base / ("disk" + name), pair.root() + "/ext" + name);
        }
    }
    look(pair);
    look(pair);
    CHECK(pair.store().count({"ext"}) == (confirms ? 0 : 10));
    CHECK(pair.store().count({"note"}) == 10);
    CHECK_FALSE(pair.held("ext"));
    CHECK(pair.directory().status().held_deletions == 0);
}

TEST_CASE("mounts: while it runs, what goes and comes back is noticed") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.watch_interval = std::chrono::milliseconds(50);
    Disk disk(pair.root() + "/ext");
    if (!disk.mount(pair.base / "disk")) return;
    fill(pair);
    pair.directory().start();
    pair.directory().flush();
    disk.unmount();
    REQUIRE(pair.log.wait_for(
        [](const Event& event) { return event.kind == EventKind::file_held && event.path == "ext"; }));
    pair.store().put({"ext", "new", "meanwhile\n"});
    pair.directory().flush();
    CHECK_FALSE(pair.has("ext/new.md"));
    pair.store().remove({"ext", "new"});
    REQUIRE(disk.mount(pair.base / "disk"));
    REQUIRE(pair.log.wait_for(
        [](const Event& event) { return event.kind == EventKind::file_released && event.path == "ext"; }));
    pair.directory().flush();
    CHECK(pair.store().count({"ext"}) == 10);
}

TEST_CASE("mounts: a pull waits for what is not mounted, and nothing of it is pushed as deleted") {
    support::BareRemote remote;
    Place place;
    Disk disk(place.root() + "/ext");
    const support::TempFolder base;
    if (!disk.mount(base / "disk")) return;
    for (const char* name : {"ext/a.md", "ext/b.md", "ext/plain.txt", "note/c.md", "note/d.md"})
        place.write(name, std::string(name) + "\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    disk.unmount();
    support::run_git(remote.person(), {"pull", "-q", "--no-rebase", "origin", "main"});
    support::run_git(remote.person(), {"rm", "-q", "ext/b.md"});
    remote.push_file("ext/a.md", "theirs\n");
    workspace.sync();
    CHECK_FALSE(std::filesystem::exists(place.root() + "/ext/a.md"));
    CHECK(place.git({"ls-tree", "-r", "--name-only", "HEAD", "ext"}) == "ext/a.md\next/plain.txt");
    REQUIRE(disk.mount(base / "disk"));
    workspace.sync();
    CHECK(place.read("ext/plain.txt") == "ext/plain.txt\n");
    CHECK(workspace.store().count({"ext"}) == 2);
    CHECK(support::run_git(remote.path(), {"ls-tree", "-r", "--name-only", "main", "ext"}) ==
          "ext/a.md\next/plain.txt");
    CHECK(support::run_git(remote.path(), {"show", "main:ext/a.md"}) == "theirs");
}

}  // namespace fluentsync::flow
