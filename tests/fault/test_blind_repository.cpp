// A repository whose packs cannot be seen for a moment: libgit2 never looks for them again.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <string_view>

#include "git_steps.hpp"

namespace {

std::atomic<int> looks_until_blind{0};

bool is_blind_to(std::string_view path) {
    constexpr std::string_view kPacks = "/notes/.git/objects/pack";
    const bool packs = path.size() >= kPacks.size() && path.substr(path.size() - kPacks.size()) == kPacks;
    return packs && looks_until_blind > 0 && --looks_until_blind == 0;
}

}  // namespace

/// In front of libc's.
extern "C" int stat(const char* path, struct stat* result) noexcept {
    if (!is_blind_to(path)) return static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, result, 0));
    errno = EIO;
    return -1;
}

namespace fluentsync::flow {

namespace {

/// Whoever calls tries again.
bool sync_within(Workspace& workspace, int tries) {
    for (; tries > 0; --tries) {
        try {
            workspace.sync();
            return true;
        } catch (const Error& error) {
            INFO(error.what());
            CHECK(error.code() != ErrorCode::internal);
        }
    }
    return false;
}

}  // namespace

TEST_CASE("packs that could not be seen once are seen again") {
    bool reached = true;
    int look = 1;
    for (; reached; ++look) {
        INFO("look " << look);
        support::BareRemote remote;
        remote.push_file("note/a.md", "a\n");
        Place place;
        Workspace(with_remote(place, remote.path())).sync();
        place.git({"repack", "-adq"});
        support::run_git(remote.path(), {"repack", "-adq"});
        remote.push_file("note/b.md", "b\n");
        place.write("note/c.md", "c\n");
        Workspace workspace(with_remote(place, remote.path()));
        looks_until_blind = look;
        sync_within(workspace, 1);
        reached = looks_until_blind.exchange(0) == 0;
        place.write("note/d.md", "d\n");
        REQUIRE(sync_within(workspace, 2));
        CHECK(remote.tip("main") == place.head());
        CHECK(tree_paths(place) == "note/a.md\nnote/b.md\nnote/c.md\nnote/d.md");
        CHECK(drifts(workspace).empty());
        CHECK(look < 100);
    }
    CHECK(look > 2);  // At least one look was blind.
}

}  // namespace fluentsync::flow
