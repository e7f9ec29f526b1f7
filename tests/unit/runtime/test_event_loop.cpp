#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "fluentsync/error.hpp"
#include "fluentsync/event_loop.hpp"
#include "gate.hpp"
#include "lent_loop.hpp"
#include "runtime/loop_body.hpp"

using namespace fluentsync;
using runtime::LoopBody;

TEST_CASE("ten thousand posts from four threads all run, in order per thread") {
    constexpr int kThreads = 4;
    constexpr int kPosts = 2500;
    EventLoop loop;
    std::vector<std::vector<int>> seen(kThreads);
    std::atomic<int> strangers{0};
    Gate all;
    int done = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kPosts; ++i) {
                loop.post([&, t, i] {
                    seen[static_cast<std::size_t>(t)].push_back(i);
                    if (!loop.on_loop_thread()) ++strangers;
                    if (++done == kThreads * kPosts) all.open();
                });
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    all.wait();
    loop.close();
    CHECK(strangers == 0);
    for (const auto& numbers : seen) {
        REQUIRE(numbers.size() == kPosts);
        for (int i = 0; i < kPosts; ++i)
            REQUIRE(numbers[static_cast<std::size_t>(i)] == i);
    }
}

TEST_CASE("a task may post, and runs in a later turn") {
    EventLoop loop;
    Gate done;
    std::vector<int> order;
    loop.post([&] {
        loop.post([&] {
            order.push_back(2);
            done.open();
        });
        order.push_back(1);
    });
    done.wait();
    CHECK(order == std::vector<int>{1, 2});
}

TEST_CASE("closing drops waiting tasks and lets go of them [trap-51]") {
    EventLoop loop;
    Gate started;
    Gate go_on;
    std::atomic<int> ran{0};
    const auto held = std::make_shared<int>(0);
    loop.post([&] {
        started.open();
        go_on.wait();
        // Posted before close() returns, perhaps after it began: either way it must not run.
        ++ran;
    });
    started.wait();
    for (int i = 0; i < 10; ++i)
        loop.post([&ran, held] { ran += 100; });
    std::thread closer([&] { loop.close(); });
    while (!loop.body()->closed())
        std::this_thread::yield();
    go_on.open();
    closer.join();
    CHECK(ran == 1);
    CHECK(held.use_count() == 1);
    loop.post([&] { ran += 1000; });
    CHECK_FALSE(loop.body()->post([] {}));
    loop.close();
    CHECK(ran == 1);
    CHECK_FALSE(loop.on_loop_thread());
}

TEST_CASE("closing a loop on its own thread is misuse, not a deadlock") {
    EventLoop loop;
    Gate done;
    ErrorCode code = ErrorCode::ok;
    loop.post([&] {
        try {
            loop.close();
        } catch (const Error& error) {
            code = error.code();
        }
        done.open();
    });
    done.wait();
    CHECK(code == ErrorCode::misuse);
    CHECK_FALSE(loop.body()->closed());
}

TEST_CASE("a loop destroyed on its own thread ends by itself") {
    auto loop = std::make_unique<EventLoop>();
    const std::weak_ptr<LoopBody> body = loop->body();
    Gate done;
    auto* raw = loop.get();
    raw->post([&] {
        loop.reset();
        done.open();
    });
    done.wait();
    CHECK(body.expired());
}

TEST_CASE("two threads may close at once") {
    EventLoop loop;
    std::thread other([&] { loop.close(); });
    loop.close();
    other.join();
    CHECK(loop.body()->closed());
}

TEST_CASE("a lent loop is never kept alive by us") {
    LentLoop lent;
    EventLoop loop(&lent.loop);
    runtime::Timer timer(loop.body(), [] {});
    timer.arm(std::chrono::hours(1));
    loop.post([] {});
    CHECK_FALSE(lent.alive_without_host());
    lent.turn();
    CHECK_FALSE(lent.alive_without_host());
    uv_timer_stop(&lent.host);
    CHECK(uv_run(&lent.loop, UV_RUN_DEFAULT) == 0);  // Returns: the hour is not waited for.
}

TEST_CASE("a lent loop runs tasks on the host's thread") {
    LentLoop lent;
    EventLoop loop(&lent.loop);
    CHECK(loop.on_loop_thread());
    int ran = 0;
    std::thread poster([&] { loop.post([&] { ++ran; }); });
    poster.join();
    CHECK(ran == 0);
    lent.turn();
    CHECK(ran == 1);
    std::thread host([&] {
        loop.post([&] { ran += loop.on_loop_thread() ? 10 : 1000; });
        lent.turn();
    });
    host.join();
    CHECK(ran == 11);
    CHECK_FALSE(loop.on_loop_thread());
}

TEST_CASE("a lent loop may be closed inside a task, without a block") {
    LentLoop lent;
    EventLoop loop(&lent.loop);
    int ran = 0;
    loop.post([&] {
        ++ran;
        loop.close();
    });
    loop.post([&] { ran += 100; });
    lent.turn();
    CHECK(ran == 1);
    CHECK_FALSE(loop.body()->post([&] { ran += 100; }));
    loop.close();
}

TEST_CASE("a null loop is refused") {
    try {
        EventLoop loop(nullptr);
        FAIL("taken");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_argument);
    }
}

TEST_CASE("a flood of tasks leaves room for the host's own callbacks") {
    LentLoop lent;
    EventLoop loop(&lent.loop);
    int turns = 0;
    uv_check_t check;
    uv_check_init(&lent.loop, &check);
    check.data = &turns;
    uv_check_start(&check, [](uv_check_t* handle) { ++*static_cast<int*>(handle->data); });
    int left = 20;
    // Each costs more than a turn may last, so each has a turn of its own.
    for (int i = left; i > 0; --i) {
        loop.post([&] {
            const auto begin = uv_hrtime();
            while (uv_hrtime() - begin < 1'000'000) {
            }
            --left;
        });
    }
    while (left > 0)
        uv_run(&lent.loop, UV_RUN_NOWAIT);
    CHECK(turns == 20);
    uv_close(reinterpret_cast<uv_handle_t*>(&check), nullptr);
}
