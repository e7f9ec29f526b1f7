// A loop that cannot hear the kernel: what it would have told is found by looks.
#include <dlfcn.h>
#include <uv.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "event_log.hpp"
#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace {

std::atomic<bool> deaf{false};

struct Deafness {
    Deafness() { deaf = true; }
    ~Deafness() { deaf = false; }
};

}  // namespace

/// In front of libuv's own: no watch left, as the system may say at any time.
extern "C" int uv_poll_init(uv_loop_t* loop, uv_poll_t* handle, int fd) {
    if (deaf) return UV_ENOSPC;
    using Function = int (*)(uv_loop_t*, uv_poll_t*, int);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "uv_poll_init"));
    return real(loop, handle, fd);
}

namespace fluentsync::flow {

TEST_CASE("a loop that can watch nothing: told once, and everything is found all the same [trap-47]") {
    const Deafness deafness;
    Place place;
    place.options.git.enabled = false;
    place.options.directory.watch_interval = std::chrono::milliseconds(50);
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(log.wait_for(EventKind::watch_degraded));
    place.write("note/a.md", "by an editor\n");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_created, "a")));
    place.write("note/a.md", "by an editor again\n");
    REQUIRE(log.wait_for(entity_event(EventKind::entity_updated, "a")));
    raw_sql(place.options.store.path, "UPDATE entities SET content = 'by another program' WHERE id = 'a'");
    REQUIRE(wait_until([&] { return place.read("note/a.md") == "by another program"; }));
    workspace.directory().flush();  // The file is in place before the ledger says so.
    CHECK_FALSE(workspace.status().directory.watching);
    CHECK(log.count(EventKind::watch_degraded) == 1);
    CHECK(drifts(workspace).empty());
}

}  // namespace fluentsync::flow
