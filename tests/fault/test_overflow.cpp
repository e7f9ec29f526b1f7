// More file events than the kernel keeps, because the host does not turn its loop.
#include <uv.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "event_log.hpp"
#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

constexpr int kFiles = 20'000;

std::string path_of(int i) {
    return "note" + std::to_string(i % 20) + "/" + std::to_string(i) + ".md";
}

/// Turns the host's loop until `done`; the bound is a safety net.
template <typename Condition>
bool turn_until(uv_loop_t* loop, const Condition& done) {
    const std::uint64_t end = uv_hrtime() + 240'000'000'000;
    while (!done() && uv_hrtime() < end)
        uv_run(loop, UV_RUN_ONCE);
    return done();
}

}  // namespace

TEST_CASE("overflow: twenty thousand files while the loop is busy are all found [trap-47]") {
    uv_loop_t host;
    REQUIRE(uv_loop_init(&host) == 0);
    // The host's own handle, without which its loop would not turn.
    uv_timer_t heartbeat;
    REQUIRE(uv_timer_init(&host, &heartbeat) == 0);
    REQUIRE(uv_timer_start(
                &heartbeat, [](uv_timer_t*) {}, 1, 1) == 0);
    {
        EventLoop loop(&host);
        Place place;
        place.options.git.enabled = false;
        place.options.directory.durable = false;
        place.options.store.durable = false;
        EventLog log;
        Workspace workspace(loop, place.options);
        const auto subscription = workspace.subscribe(log);
        for (int folder = 0; folder < 20; ++folder)
            place.write("note" + std::to_string(folder) + "/first.md", "first\n");
        workspace.start();
        REQUIRE(turn_until(&host, [&] { return workspace.store().count() == 20; }));
        // The host is busy with something else: nobody reads what the kernel queues.
        for (int i = 0; i < kFiles; ++i)
            std::ofstream(place.file(path_of(i))) << "text " << i << "\n";
        REQUIRE(turn_until(&host, [&] { return log.count(EventKind::watch_overflow) > 0; }));
        REQUIRE(turn_until(&host, [&] { return workspace.store().count() == kFiles + 20; }));
        // And what comes after is told again.
        place.write(path_of(1), "after\n");
        REQUIRE(turn_until(&host, [&] { return content_of(workspace, "note1", "1") == "after\n"; }));
        CHECK(workspace.status().directory.watching);
        CHECK(log.count(EventKind::entity_deleted) == 0);
        CHECK(drifts(workspace).empty());
        workspace.close();
        loop.close();
    }
    uv_close(reinterpret_cast<uv_handle_t*>(&heartbeat), nullptr);
    uv_run(&host, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&host) == 0);
}

}  // namespace fluentsync::flow
