// close() while loose objects are packed: the packing is held in the middle until closing has begun.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdarg>
#include <filesystem>
#include <semaphore>
#include <sstream>
#include <string>
#include <thread>

#include "git_steps.hpp"
#include "loose_objects.hpp"

namespace {

std::string held_path;  ///< Set while nothing is armed.
std::atomic<bool> armed{false};
std::binary_semaphore reached{0};
std::binary_semaphore let_go{0};

}  // namespace

/// In front of libc's, for libgit2: whoever opens the one file is held there, once.
extern "C" int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    const unsigned mode = makes ? va_arg(rest, unsigned) : 0;
    va_end(rest);
    if (armed && path == held_path && armed.exchange(false)) {
        reached.release();
        let_go.acquire();
    }
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

std::string loose_path(const Place& place, const std::string& id) {
    return place.file(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2));
}

int loose_left(const Place& place, const std::string& ids) {
    std::istringstream lines(ids);
    int left = 0;
    for (std::string id; std::getline(lines, id);)
        left += fs::exists(loose_path(place, id)) ? 1 : 0;
    return left;
}

/// Whatever is there: packs, and temporaries of packs.
int packs(const Place& place) {
    const fs::directory_iterator files(place.file(".git/objects/pack"));
    return static_cast<int>(std::distance(files, fs::directory_iterator()));
}

void hold_at(const std::string& path) {
    held_path = path;
    armed = true;
}

}  // namespace

TEST_CASE("close: the packing of loose objects is given up, for a later commit to do [trap-33]") {
    Place place;
    Workspace(place.options).sync();
    const std::string ids = make_loose_objects(place);
    const int all = loose_left(place, ids);
    {
        Workspace workspace(place.options);
        workspace.git().commit();  // Nothing yet, but the repository is open: its objects were looked at.
        workspace.store().put({"note", "a", "one\n"});
        hold_at(loose_path(place, ids.substr(0, ids.find('\n'))));
        ErrorCode code = ErrorCode::internal;
        std::thread committer([&] { code = code_of([&] { workspace.git().commit(); }); });
        CHECK(reached.try_acquire_for(std::chrono::minutes(1)));  // A safety net.
        std::thread closer([&] { workspace.close(); });
        const auto closing = [&] { return code_of([&] { workspace.git().start(); }) == ErrorCode::closed; };
        CHECK(wait_until(closing));
        let_go.release();
        closer.join();
        committer.join();
        CHECK(code == ErrorCode::ok);  // The commit was made before.
    }
    CHECK(tree_paths(place) == "note/a.md");
    CHECK(packs(place) == 0);
    CHECK(loose_left(place, ids) == all);

    Workspace again(place.options);
    again.store().put({"note", "b", "two\n"});
    again.sync();
    CHECK(packs(place) == 2);  // One, and its index.
    CHECK(loose_left(place, ids) == 0);
    CHECK(support::run_git(place.root(), {"fsck", "--strict", "--full", "--no-dangling"}).empty());
}

}  // namespace fluentsync::flow
