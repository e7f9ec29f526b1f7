#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gate.hpp"
#include "lent_loop.hpp"
#include "runtime/loop_body.hpp"

using namespace fluentsync::runtime;
using std::chrono::milliseconds;

namespace {

/// Runs what is queued on the loop and comes back.
void settle(LoopBody& loop) {
    Gate gate;
    loop.post([&] { gate.open(); });
    gate.wait();
}

}  // namespace

TEST_CASE("a timer fires once, not before its time, on the loop thread") {
    const auto loop = LoopBody::own();
    Gate fired;
    std::atomic<int> count{0};
    std::atomic<bool> at_home{false};
    Timer timer(loop, [&] {
        ++count;
        at_home = loop->on_loop_thread();
        fired.open();
    });
    const auto begin = std::chrono::steady_clock::now();
    timer.arm(milliseconds(20));
    fired.wait();
    CHECK(std::chrono::steady_clock::now() - begin >= milliseconds(20));
    CHECK(at_home);
    settle(*loop);
    CHECK(count == 1);
}

TEST_CASE("timers fire in the order of their times") {
    const auto loop = LoopBody::own();
    std::vector<int> order;
    Gate done;
    Timer late(loop, [&] {
        order.push_back(3);
        done.open();
    });
    Timer early(loop, [&] { order.push_back(1); });
    Timer middle(loop, [&] { order.push_back(2); });
    Gate blocked;
    loop->post([&] { blocked.wait(); });
    late.arm(milliseconds(30));
    middle.arm(milliseconds(20));
    early.arm(milliseconds(10));
    blocked.open();
    done.wait();
    CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE("arming again moves a pending timer") {
    const auto loop = LoopBody::own();
    Gate fired;
    std::atomic<int> count{0};
    Timer timer(loop, [&] {
        ++count;
        fired.open();
    });
    timer.arm(std::chrono::hours(10));
    timer.arm(milliseconds(0));
    fired.wait();
    timer.arm(std::chrono::hours(10));
    settle(*loop);
    CHECK(count == 1);
}

TEST_CASE("arm_no_later moves a pending timer forwards alone, and arms an idle one") {
    constexpr milliseconds kLate{2000};
    const auto loop = LoopBody::own();
    std::vector<std::string> order;
    Gate done;
    const auto note = [&](const char* name) {
        return [&order, &done, name] {
            order.emplace_back(name);
            if (order.size() == 3) done.open();
        };
    };
    Timer moved(loop, note("moved"));
    Timer kept(loop, note("kept"));
    Timer idle(loop, note("idle"));
    Gate blocked;
    loop->post([&] { blocked.wait(); });
    moved.arm(kLate);
    moved.arm_no_later(milliseconds(0));
    kept.arm(milliseconds(5));
    kept.arm_no_later(kLate);
    idle.arm_no_later(milliseconds(100));
    blocked.open();
    done.wait();
    CHECK(order == std::vector<std::string>{"moved", "kept", "idle"});
}

TEST_CASE("a timer may arm itself again") {
    const auto loop = LoopBody::own();
    Gate done;
    int count = 0;
    std::optional<Timer> timer;
    timer.emplace(loop, [&] {
        if (++count == 5) return done.open();
        timer->arm(milliseconds(count % 2));
    });
    timer->arm(milliseconds(0));
    done.wait();
    timer.reset();
    CHECK(count == 5);
}

TEST_CASE("a cancelled or destroyed timer does not fire [trap-51]") {
    const auto loop = LoopBody::own();
    std::atomic<int> fired{0};
    const auto held = std::make_shared<int>(0);
    Timer cancelled(loop, [&] { ++fired; });
    auto destroyed = std::make_unique<Timer>(loop, [&fired, held] { ++fired; });
    Gate blocked;
    loop->post([&] { blocked.wait(); });
    cancelled.arm(milliseconds(0));
    destroyed->arm(milliseconds(0));
    cancelled.cancel();
    destroyed.reset();
    CHECK(held.use_count() == 1);
    blocked.open();
    Gate later;
    Timer marker(loop, [&] { later.open(); });
    marker.arm(milliseconds(5));
    later.wait();
    CHECK(fired == 0);
}

TEST_CASE("cancel waits for the callback that runs, even when it arms again") {
    const auto loop = LoopBody::own();
    for (int round = 0; round < 20; ++round) {
        Gate running;
        std::atomic<bool> ended{false};
        std::atomic<int> count{0};
        std::optional<Timer> timer;
        timer.emplace(loop, [&] {
            ++count;
            running.open();
            for (int i = 0; i < 100; ++i)
                std::this_thread::yield();
            timer->arm(milliseconds(0));
            ended = true;
        });
        timer->arm(milliseconds(0));
        running.wait();
        if (round % 2 == 0) {
            timer->cancel();
        } else {
            timer.reset();
        }
        REQUIRE(ended);
        const int after = count;
        settle(*loop);
        settle(*loop);
        REQUIRE(count == after);
    }
}

TEST_CASE("a timer may be destroyed in its own callback") {
    const auto loop = LoopBody::own();
    Gate done;
    const auto held = std::make_shared<int>(7);
    int seen = 0;
    std::optional<Timer> timer;
    timer.emplace(loop, [&, held] {
        timer.reset();
        seen = *held;
        done.open();
    });
    timer->arm(milliseconds(0));
    done.wait();
    settle(*loop);
    CHECK(seen == 7);
    CHECK(held.use_count() == 1);
}

TEST_CASE("a callback may destroy another timer that is due as well") {
    const auto loop = LoopBody::own();
    std::atomic<int> fired{0};
    std::optional<Timer> first;
    std::optional<Timer> second;
    first.emplace(loop, [&] {
        ++fired;
        second.reset();
    });
    second.emplace(loop, [&] {
        ++fired;
        first.reset();
    });
    Gate blocked;
    loop->post([&] { blocked.wait(); });
    first->arm(milliseconds(0));
    second->arm(milliseconds(0));
    blocked.open();
    Gate later;
    Timer marker(loop, [&] { later.open(); });
    marker.arm(milliseconds(5));
    later.wait();
    CHECK(fired == 1);
}

TEST_CASE("timers outlive their loop in silence [trap-51]") {
    auto loop = LoopBody::own();
    std::atomic<int> fired{0};
    Timer timer(loop, [&] { ++fired; });
    timer.arm(std::chrono::hours(1));
    loop->close();
    timer.arm(milliseconds(0));
    timer.cancel();
    CHECK(fired == 0);
}

TEST_CASE("a timer works on a lent loop") {
    LentLoop lent;
    const auto loop = LoopBody::lend(&lent.loop);
    int fired = 0;
    Timer timer(loop, [&] { ++fired; });
    timer.arm(milliseconds(1));
    while (fired == 0)
        lent.turn();
    timer.arm(milliseconds(0));
    while (fired == 1)
        lent.turn();
    CHECK(fired == 2);
    loop->close();
}
