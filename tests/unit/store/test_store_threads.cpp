#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 100;

// Runs `work(thread)` on each thread; the first exception's text comes back.
std::string run_threads(const std::function<void(int)>& work) {
    std::mutex mutex;
    std::string failure;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            try {
                work(i);
            } catch (const std::exception& error) {
                const std::lock_guard lock(mutex);
                failure = error.what();
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    return failure;
}

}  // namespace

TEST_CASE("readers and writers from four threads at once") {
    TempFolder folder;
    EventLoop loop;
    EntityStore entities(loop, options_for(folder / "store.db"));
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    std::atomic<int> torn{0};
    const auto failure = run_threads([&](int thread) {
        for (int i = 0; i < kRounds; ++i) {
            const std::string id = "t" + std::to_string(thread);
            entities.put({"note", id, std::to_string(i)});
            if (!entities.get({"note", id}) || entities.get({"note", id})->content != std::to_string(i))
                ++torn;
            // Both halves of a transaction are seen or neither.
            entities.transaction([&](EntityTransaction& transaction) {
                transaction.put({"pair", "left", id + std::to_string(i)});
                transaction.put({"pair", "right", id + std::to_string(i)});
            });
            const auto pair = entities.list({.type = "pair"});
            if (pair.size() != 2 || pair[0].content != pair[1].content) ++torn;
        }
    });
    CHECK(failure.empty());
    CHECK(torn == 0);
    CHECK(entities.count({.type = "note"}) == kThreads);
    // One event for each change, and the versions of one entity in order.
    REQUIRE(collector.wait_for(kThreads * kRounds * 3));
    std::int64_t left = 0;
    for (const Event& event : collector.events()) {
        if (event.id == "left") CHECK(event.version == ++left);
    }
    CHECK(left == kThreads * kRounds);
}

TEST_CASE("compare-and-set loses no count among four threads") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "n", "0"});
    const auto failure = run_threads([&](int) {
        for (int done = 0; done < 50;) {
            const auto entity = entities.get({"note", "n"});
            try {
                entities.put({"note", "n", std::to_string(std::stoi(entity->content) + 1)},
                             {entity->version});
                ++done;
            } catch (const Error& error) {
                if (error.code() != ErrorCode::version_mismatch) throw;
            }
        }
    });
    CHECK(failure.empty());
    CHECK(entities.get({"note", "n"})->content == std::to_string(kThreads * 50));
}

TEST_CASE("metadata keys set by four threads at once are all kept") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "n", "body\n"});
    const auto failure = run_threads([&](int thread) {
        for (int i = 0; i < 5;) {
            try {
                entities.set_metadata({"note", "n"}, "k" + std::to_string(thread), std::to_string(++i));
            } catch (const Error& error) {
                if (error.code() != ErrorCode::version_mismatch) throw;
                --i;
            }
        }
    });
    CHECK(failure.empty());
    for (int thread = 0; thread < kThreads; ++thread)
        CHECK(entities.count({.filters = {{"k" + std::to_string(thread), Compare::equal, "5"}}}) == 1);
}

TEST_CASE("close waits for the calls of other threads, and they end with closed") {
    TempFolder folder;
    EventLoop loop;
    EntityStore entities(loop, options_for(folder / "store.db"));
    entities.put({"note", "a", "x"});
    std::atomic<int> started{0};
    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<int> wrong{0};
    std::thread closer([&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return started >= kThreads; });
        lock.unlock();
        entities.close();
    });
    run_threads([&](int thread) {
        for (int i = 0;; ++i) {
            try {
                entities.put({"note", "t" + std::to_string(thread), std::to_string(i)});
                entities.list();
            } catch (const Error& error) {
                if (error.code() != ErrorCode::closed) ++wrong;
                return;
            }
            if (i == 0) {
                const std::lock_guard lock(mutex);
                ++started;
                changed.notify_all();
            }
        }
    });
    closer.join();
    CHECK(wrong == 0);
}

// A sanitizer's own allocator does not stand a fork beside other threads.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a child that is forked while others write opens a database of its own") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    std::atomic<bool> stop{false};
    std::vector<std::thread> writers;
    for (int i = 0; i < 3; ++i) {
        writers.emplace_back([&, i] {
            for (int n = 0; !stop; ++n)
                entities.put({"note", std::to_string(i), std::to_string(n)});
        });
    }
    int failed = 0;
    for (int i = 0; i < 40; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(60);  // A lock that nobody gives back.
            EntityStore own(options_for(folder / ("child" + std::to_string(i))));
            own.put({"note", "a", "the child's"});
            _exit(own.get({"note", "a"}) ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        failed += status == 0 ? 0 : 1;
    }
    stop = true;
    for (auto& writer : writers)
        writer.join();
    CHECK(failed == 0);
}
#endif
