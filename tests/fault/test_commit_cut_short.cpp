// A disk that fails between the commit and what the database is to know of it.
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "event_log.hpp"
#include "git_steps.hpp"
#include "interpose.hpp"

namespace {

using fluentsync::support::next;

std::atomic<bool> armed{false};
std::atomic<bool> failing{false};

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_database(int fd) {
    return ends_with(fluentsync::support::path_of(fd), "-wal");
}

}  // namespace

/// In front of libc's: when the branch has moved, the database cannot be written.
extern "C" int rename(const char* from, const char* to) noexcept {
    static const auto real = next<int(const char*, const char*)>("rename");
    const int result = real(from, to);
    if (result == 0 && ends_with(to, "/notes/.git/refs/heads/main") && armed.exchange(false)) failing = true;
    return result;
}

extern "C" ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t offset) {
    static const auto real = next<ssize_t(int, const void*, std::size_t, off64_t)>("pwrite64");
    if (!failing || !is_database(fd)) return real(fd, bytes, size, offset);
    errno = EIO;
    return -1;
}

namespace fluentsync::flow {

TEST_CASE("a commit that the database did not learn of is pushed all the same [trap-22]") {
    support::BareRemote remote;
    remote.push_file("note/a.md", "a\n");
    Place place;
    place.options.git.auto_sync = true;
    place.options.git.auto_push = true;
    place.options.git.sync_interval = std::chrono::hours(1);
    EventLog log;
    Workspace workspace(with_remote(place, remote.path()));
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::sync_completed));
    armed = true;
    workspace.store().put({"note", "b", "b\n"});
    REQUIRE(log.wait_for(EventKind::error));
    REQUIRE(failing.exchange(false));
    REQUIRE(log.wait_for(EventKind::git_pushed));
    CHECK(remote.tip("main") == place.head());
    CHECK(tree_paths(place) == "note/a.md\nnote/b.md");
}

}  // namespace fluentsync::flow
