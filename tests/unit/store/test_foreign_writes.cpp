// A store on a system that has no inotify watch left. The two calls are interposed for this whole program.
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdint>

#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

std::atomic<int> init_error{0};
std::atomic<int> add_error{0};
std::atomic<int> watches_added{0};

struct Lifted {
    ~Lifted() { init_error = add_error = 0; }
};

int refuse(int error) {
    errno = error;
    return -1;
}

}  // namespace

extern "C" int inotify_init1(int flags) noexcept {
    if (const int error = init_error) return refuse(error);
    return static_cast<int>(::syscall(SYS_inotify_init1, flags));
}

extern "C" int inotify_add_watch(int fd, const char* name, std::uint32_t mask) noexcept {
    if (const int error = add_error) return refuse(error);
    ++watches_added;
    return static_cast<int>(::syscall(SYS_inotify_add_watch, fd, name, mask));
}

TEST_CASE("a store without a watch opens, looks by the clock, and watches once it can [trap-47]") {
    std::atomic<int>& refused = GENERATE(true, false) ? init_error : add_error;
    refused = &refused == &init_error ? EMFILE : ENOSPC;
    const Lifted at_end;
    watches_added = 0;
    TempFolder folder;
    const std::string path = folder / "store.db";
    EventLoop loop;
    EntityStore entities(loop, options_for(path));
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    raw(path, "INSERT INTO entities(type, id, content) VALUES('note', 'a', 'x')");
    REQUIRE(collector.wait_for(1));
    CHECK(collector.events()[0].id == "a");
    CHECK(watches_added == 0);

    refused = 0;
    // Told by a look that began before the watch could be had, or by one after.
    raw(path, "INSERT INTO entities(type, id, content) VALUES('note', 'b', 'x')");
    REQUIRE(collector.wait_for(2));
    raw(path, "INSERT INTO entities(type, id, content) VALUES('note', 'c', 'x')");
    REQUIRE(collector.wait_for(3));
    CHECK(watches_added == 1);
    CHECK(collector.events().size() == 3);
}
