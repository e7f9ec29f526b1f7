// The library on a loop of the host's own.
#include <uv.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// The host's loop, with a heartbeat that keeps uv_run() going and counts its ticks.
class HostLoop {
  public:
    HostLoop() {
        REQUIRE(uv_loop_init(&loop_) == 0);
        REQUIRE(uv_timer_init(&loop_, &heartbeat_) == 0);
        heartbeat_.data = this;
        REQUIRE(uv_timer_start(&heartbeat_, on_tick, 1, 1) == 0);
    }
    uv_loop_t* loop() { return &loop_; }
    std::int64_t ticks() const { return ticks_; }

    /// Turns the loop on this thread until `done`; false: it never was within a minute.
    template <typename Condition>
    bool run_until(const Condition& done) {
        const std::uint64_t end = uv_hrtime() + 60'000'000'000;
        while (!done()) {
            if (uv_hrtime() > end) return false;
            uv_run(&loop_, UV_RUN_ONCE);
        }
        return true;
    }
    /// What uv_loop_close() says once the host's own handle is gone too.
    int close() {
        uv_close(reinterpret_cast<uv_handle_t*>(&heartbeat_), nullptr);
        uv_run(&loop_, UV_RUN_NOWAIT);
        return uv_loop_close(&loop_);
    }

  private:
    static void on_tick(uv_timer_t* timer) { ++static_cast<HostLoop*>(timer->data)->ticks_; }

    uv_loop_t loop_{};
    uv_timer_t heartbeat_{};
    std::atomic<std::int64_t> ticks_{0};
};

}  // namespace

TEST_CASE("lent loop: everything works while the host turns it, and it closes") {
    support::BareRemote remote;
    HostLoop host;
    {
        EventLoop loop(host.loop());
        Place place;
        automate(place, remote.path());
        EventLog log;
        Workspace workspace(loop, place.options);
        const auto subscription = workspace.subscribe(log);
        workspace.start();
        workspace.store().put({"note", "hello", "# Hello\n"});
        REQUIRE(host.run_until([&] { return log.count(EventKind::git_pushed) > 0; }));
        CHECK(remote.tip("main") == place.head());
        place.write("note/theirs.md", "written by a person\n");
        REQUIRE(
            host.run_until([&] { return log.count(entity_event(EventKind::entity_created, "theirs")) > 0; }));
        REQUIRE(host.run_until([&] { return log.count(EventKind::git_pushed) > 1; }));
        // A call that waits needs no turn of the loop.
        place.write("note/theirs.md", "again\n");
        workspace.sync();
        CHECK(content_of(workspace, "note", "theirs") == "again\n");
        workspace.close();
        loop.close();
    }
    CHECK(host.close() == 0);
}

TEST_CASE("lent loop: observers run on the thread that turns the loop") {
    HostLoop host;
    {
        EventLoop loop(host.loop());
        struct Where : Observer {
            void on_events(const std::vector<Event>&) override { seen.store(std::this_thread::get_id()); }
            std::atomic<std::thread::id> seen{};
        } where;
        Place place;
        place.options.git.enabled = false;
        Workspace workspace(loop, place.options);
        const auto subscription = workspace.subscribe(where);
        workspace.start();
        workspace.store().put({"note", "a", "text\n"});
        REQUIRE(host.run_until([&] { return where.seen.load() != std::thread::id(); }));
        CHECK(where.seen.load() == std::this_thread::get_id());
        workspace.close();
        loop.close();
    }
    CHECK(host.close() == 0);
}

TEST_CASE("lent loop: one that is destroyed too early leaves the host's loop, and nothing is lost") {
    HostLoop host;
    Place place;
    {
        auto loop = std::make_unique<EventLoop>(host.loop());
        Workspace workspace(*loop, place.options);
        workspace.start();
        CHECK(code_of([&] { loop->close(); }) == ErrorCode::misuse);
        loop.reset();
        CHECK(host.close() == 0);
        workspace.store().put({"note", "a", "text\n"});
    }
    Workspace next(place.options);
    next.sync();
    CHECK(place.read("note/a.md") == "text\n");
}

TEST_CASE("lent loop: the host's timer goes on while ten thousand exports are under way") {
    constexpr int kEntities = 10'000;
    HostLoop host;
    {
        EventLoop loop(host.loop());
        struct Span : Observer {
            explicit Span(HostLoop& host_loop) : host(host_loop) {}
            void on_events(const std::vector<Event>& batch) override {
                for (const Event& event : batch) {
                    if (event.kind != EventKind::file_exported) continue;
                    if (exported++ == 0) first = host.ticks();
                    last = host.ticks();
                }
            }
            HostLoop& host;
            int exported = 0;
            std::int64_t first = 0;
            std::int64_t last = 0;
        } span(host);
        Place place;
        place.options.git.enabled = false;
        Workspace workspace(loop, place.options);
        std::vector<EntityDraft> drafts;
        for (int i = 0; i < kEntities; ++i) {
            drafts.push_back({"note" + std::to_string(i % 10), std::to_string(i), "text of one\n"});
        }
        workspace.store().put_all(drafts);
        const auto subscription = workspace.subscribe(span);
        workspace.start();
        const std::int64_t before = host.ticks();
        REQUIRE(host.run_until([&] { return span.exported == kEntities; }));
        CHECK(host.ticks() > before + 5);
        CHECK(span.last > span.first + 5);
        CHECK(place.has("note9/9999.md"));
        workspace.close();
        loop.close();
    }
    CHECK(host.close() == 0);
}

}  // namespace fluentsync::flow
