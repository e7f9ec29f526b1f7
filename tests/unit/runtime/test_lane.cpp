#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fluentsync/error.hpp"
#include "gate.hpp"
#include "runtime/lane.hpp"

using namespace fluentsync;
using namespace fluentsync::runtime;

TEST_CASE("a lane runs tasks in the order they were posted") {
    Lane lane("order");
    std::vector<int> seen;
    for (int i = 0; i < 1000; ++i)
        REQUIRE(lane.post([&seen, i] { seen.push_back(i); }));
    lane.run([] {});
    REQUIRE(seen.size() == 1000);
    for (int i = 0; i < 1000; ++i)
        REQUIRE(seen[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("run waits, throws what the task threw, and runs at once on the lane") {
    Lane lane("run");
    bool inner = false;
    bool inside = false;
    lane.run([&] {
        inside = lane.on_lane_thread();
        lane.run([&] { inner = true; });
    });
    CHECK(inner);
    CHECK(inside);
    CHECK_FALSE(lane.on_lane_thread());
    CHECK_THROWS_AS(lane.run([] { throw Error(ErrorCode::io, "disk"); }), Error);
    bool after = false;
    lane.run([&] { after = true; });
    CHECK(after);
}

TEST_CASE("stop finishes the running task and drops the others [trap-51]") {
    Lane lane("stop");
    Gate started;
    Gate go_on;
    bool finished = false;
    std::atomic<int> later{0};
    const auto held = std::make_shared<int>(0);
    lane.post([&] {
        started.open();
        go_on.wait();
        finished = true;
    });
    for (int i = 0; i < 10; ++i)
        lane.post([&later, held] { ++later; });
    ErrorCode code = ErrorCode::ok;
    std::thread waiting([&] {
        try {
            lane.run([&] { ++later; });
        } catch (const Error& error) {
            code = error.code();
        }
        // The lane has dropped what waited: only now may the running task end.
        go_on.open();
    });
    started.wait();
    lane.stop();
    waiting.join();
    CHECK(finished);
    CHECK(later == 0);
    CHECK(held.use_count() == 1);
    CHECK(code == ErrorCode::closed);
    CHECK_FALSE(lane.post([&] { ++later; }));
    CHECK_THROWS_AS(lane.run([&] { ++later; }), Error);
    lane.stop();
    CHECK(later == 0);
}

TEST_CASE("a lane that stops itself is told so") {
    Lane lane("self");
    ErrorCode code = ErrorCode::ok;
    lane.run([&] {
        try {
            lane.stop();
        } catch (const Error& error) {
            code = error.code();
        }
    });
    CHECK(code == ErrorCode::misuse);
}

TEST_CASE("our threads have a name and leave the host's signals alone") {
    Lane lane("a-name-that-is-far-too-long");
    char name[16] = {};
    bool interrupt_blocked = false;
    bool fault_blocked = true;
    lane.run([&] {
        pthread_getname_np(pthread_self(), name, sizeof name);
        sigset_t set;
        pthread_sigmask(SIG_SETMASK, nullptr, &set);
        interrupt_blocked = sigismember(&set, SIGINT) == 1;
        fault_blocked = sigismember(&set, SIGSEGV) == 1;
    });
    CHECK(std::string(name) == "a-name-that-is-");
    CHECK(interrupt_blocked);
    CHECK_FALSE(fault_blocked);
    sigset_t mine;
    pthread_sigmask(SIG_SETMASK, nullptr, &mine);
    CHECK(sigismember(&mine, SIGINT) == 0);
}

TEST_CASE("the pool calls each index once") {
    const unsigned helpers = GENERATE(0u, 1u, 3u);
    HelperPool pool(helpers);
    for (const std::size_t count : {0u, 1u, 2u, 3u, 1000u}) {
        std::vector<std::atomic<int>> calls(count);
        pool.for_each(count, [&](std::size_t i) { ++calls[i]; });
        for (const auto& call : calls)
            REQUIRE(call == 1);
    }
}

TEST_CASE("the pool really works side by side") {
    HelperPool pool(3);
    std::atomic<int> inside{0};
    Gate all;
    pool.for_each(4, [&](std::size_t) {
        if (++inside == 4) all.open();
        all.wait();
    });
    CHECK(inside == 4);
}

TEST_CASE("the pool throws the first exception after all have ended, and works on") {
    HelperPool pool(2);
    std::atomic<int> calls{0};
    const auto work = [&](std::size_t i) {
        ++calls;
        if (i % 10 == 3) throw Error(ErrorCode::io, "bad " + std::to_string(i));
    };
    CHECK_THROWS_AS(pool.for_each(100, work), Error);
    CHECK(calls == 100);
    calls = 0;
    pool.for_each(3, work);
    CHECK(calls == 3);
}

TEST_CASE("what the caller does beside the pool may throw: begun work ends, the rest is left out") {
    HelperPool pool(1);
    Gate begun;
    Gate thrown;
    std::atomic<int> calls{0};
    std::atomic<int> inside{0};
    const auto work = [&](std::size_t) {
        ++calls;
        ++inside;
        begun.open();
        thrown.wait();
        --inside;
    };
    const auto beside = [&] {
        begun.wait();
        thrown.open();
        throw Error(ErrorCode::io, "beside");
    };
    CHECK_THROWS_WITH(pool.for_each(100'000'000, work, beside), "beside");
    CHECK(inside == 0);
    CHECK(calls < 100'000'000);
    const auto at_work = [](std::size_t) { throw Error(ErrorCode::io, "at work"); };
    const auto throws_too = [] { throw Error(ErrorCode::io, "beside"); };
    CHECK_THROWS_WITH(pool.for_each(3, at_work, throws_too), "beside");
    CHECK_THROWS_WITH(pool.for_each(3, at_work, [] {}), "at work");
    pool.for_each(3, [](std::size_t) {});
}

TEST_CASE("a second caller of the pool is refused") {
    HelperPool pool(1);
    ErrorCode code = ErrorCode::ok;
    pool.for_each(1, [&](std::size_t) {
        try {
            pool.for_each(1, [](std::size_t) {});
        } catch (const Error& error) {
            code = error.code();
        }
    });
    CHECK(code == ErrorCode::misuse);
}
