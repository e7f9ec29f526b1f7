#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fluentsync/error.hpp"
#include "gate.hpp"
#include "lent_loop.hpp"
#include "runtime/loop_body.hpp"

using namespace fluentsync::runtime;

namespace {

struct Pipe {
    Pipe() { REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0); }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }
    void put(const std::string& text) const {
        REQUIRE(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    std::string take() const {
        char buffer[64];
        const auto got = read(ends[0], buffer, sizeof buffer);
        return {buffer, got > 0 ? static_cast<std::size_t>(got) : 0};
    }
    int ends[2] = {-1, -1};
};

/// One that does not fail, and rests after each call if it is told to.
struct Watch : FdWatch {
    Watch(std::shared_ptr<LoopBody> loop, int fd, std::function<void()> readable,
          std::chrono::milliseconds rest = {})
        : FdWatch(
              std::move(loop), fd,
              [readable = std::move(readable), rest] {
                  readable();
                  return rest;
              },
              [](const std::string&) {}) {}
};

void turn(const std::shared_ptr<LoopBody>& loop, int turns) {
    for (; turns > 0; --turns) {
        Gate settled;
        loop->post([&] { settled.open(); });
        settled.wait();
    }
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("a watch tells of each arrival") {
    const auto loop = LoopBody::own();
    const Pipe pipe;
    Gate first;
    Gate second;
    std::string seen;
    std::optional<Watch> watch;
    watch.emplace(loop, pipe.ends[0], [&] {
        seen += pipe.take();
        if (seen == "one") first.open();
        if (seen == "onetwo") second.open();
    });
    pipe.put("one");
    first.wait();
    pipe.put("two");
    second.wait();
    watch.reset();
    CHECK(seen == "onetwo");
}

TEST_CASE("a destroyed watch is silent and lets go of the descriptor [trap-52]") {
    const auto loop = LoopBody::own();
    std::atomic<int> calls{0};
    const auto before = open_descriptors();
    for (int round = 0; round < 50; ++round) {
        const Pipe pipe;
        Gate called;
        Watch watch(loop, pipe.ends[0], [&] {
            ++calls;
            called.open();
        });
        pipe.put("x");  // Never read: the watch keeps telling until it is destroyed.
        called.wait();
    }
    const int after = calls;
    turn(loop, 3);
    CHECK(calls == after);
    CHECK(open_descriptors() == before);
}

TEST_CASE("a watch that rests sleeps through what arrives, and is called after it") {
    const auto loop = LoopBody::own();
    const Pipe pipe;
    std::atomic<int> calls{0};
    Gate called;
    {
        Watch long_rest(
            loop, pipe.ends[0],
            [&] {
                ++calls;
                called.open();
            },
            std::chrono::hours(24));
        pipe.put("x");  // Never read.
        called.wait();
        turn(loop, 20);
        CHECK(calls == 1);
    }
    Gate again;
    Watch short_rest(
        loop, pipe.ends[0],
        [&] {
            if (++calls == 4) again.open();
        },
        std::chrono::milliseconds(1));
    again.wait();
}

TEST_CASE("a watch that rests ends with its loop and with its owner [trap-51] [trap-52]") {
    const auto before = open_descriptors();
    for (const bool owner_first : {true, false}) {
        const auto loop = LoopBody::own();
        const Pipe pipe;
        Gate called;
        std::optional<Watch> watch;
        watch.emplace(
            loop, pipe.ends[0], [&] { called.open(); }, std::chrono::hours(24));
        pipe.put("x");
        called.wait();
        turn(loop, 1);
        if (owner_first) {
            watch.reset();
            turn(loop, 2);
        }
        loop->close();
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("a watch may be destroyed in its own callback") {
    const std::chrono::milliseconds rest(GENERATE(0, 1));
    const auto loop = LoopBody::own();
    const Pipe pipe;
    Gate done;
    std::optional<Watch> watch;
    loop->post([&] {
        watch.emplace(
            loop, pipe.ends[0],
            [&] {
                watch.reset();
                done.open();
            },
            rest);
    });
    pipe.put("x");
    done.wait();
    loop->close();
    CHECK_FALSE(watch);
}

TEST_CASE("a watch outlives its loop, begun or not [trap-51]") {
    const auto before = open_descriptors();
    {
        auto loop = LoopBody::own();
        const Pipe pipe;
        Gate called;
        Watch begun(loop, pipe.ends[0], [&] { called.open(); });
        pipe.put("x");
        called.wait();
        Gate blocked;
        Gate started;
        loop->post([&] {
            started.open();
            blocked.wait();
        });
        started.wait();
        Watch waiting(loop, pipe.ends[0], [] {});
        blocked.open();
        loop->close();
        Watch late(loop, pipe.ends[0], [] {});
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("what cannot be watched is refused at once") {
    const auto loop = LoopBody::own();
    const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    const int folder = open("/", O_RDONLY | O_CLOEXEC);
    CHECK_THROWS_AS(Watch(loop, file, [] {}), fluentsync::Error);
    CHECK_THROWS_AS(Watch(loop, folder, [] {}), fluentsync::Error);
    CHECK_THROWS_AS(Watch(loop, -1, [] {}), fluentsync::Error);
    close(file);
    close(folder);
}

TEST_CASE("what the loop cannot watch is told once, with the reason") {
    const auto loop = LoopBody::own();
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);  // epoll takes no device without a queue.
    std::atomic<int> told{0};
    std::string reason;
    Gate failed;
    {
        const FdWatch watch(
            loop, null, [] { return std::chrono::milliseconds(0); },
            [&](const std::string& why) {
                reason = why;
                ++told;
                failed.open();
            });
        failed.wait();
    }
    loop->close();
    CHECK(told == 1);
    CHECK_FALSE(reason.empty());
    close(null);
}

TEST_CASE("a watch on a lent loop does not keep it alive") {
    LentLoop lent;
    const auto loop = LoopBody::lend(&lent.loop);
    const Pipe pipe;
    int calls = 0;
    Watch watch(loop, pipe.ends[0], [&] {
        pipe.take();
        ++calls;
    });
    pipe.put("x");
    while (calls == 0)
        lent.turn();
    CHECK_FALSE(lent.alive_without_host());
    loop->close();
    pipe.put("y");
    lent.turn();
    CHECK(calls == 1);
}
