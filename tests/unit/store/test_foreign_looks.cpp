// When ForeignWrites looks again after a look that failed, on a clock that leaps from timer to timer.
#include "store/foreign_writes.hpp"

#include <uv.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <functional>
#include <mutex>
#include <vector>

#include "../../support/interpose.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;

/// While it lives no loop waits for a timer: time leaps to it. One at a time, older than the loops.
class LeapingTime {
  public:
    LeapingTime() { current = this; }
    LeapingTime(const LeapingTime&) = delete;
    LeapingTime& operator=(const LeapingTime&) = delete;
    ~LeapingTime() { current = nullptr; }

    std::uint64_t now_ns() const { return now_ns_; }
    void leap(std::uint64_t ms) {
        if (ms == 0) return;
        const std::lock_guard lock(mutex_);
        leaps_.push_back(ms);
        now_ns_ += ms * kNsPerMs;
    }
    std::vector<std::uint64_t> leaps() {
        const std::lock_guard lock(mutex_);
        return leaps_;
    }

    static std::atomic<LeapingTime*> current;

  private:
    std::mutex mutex_;
    std::atomic<std::uint64_t> now_ns_{kNsPerMs};
    std::vector<std::uint64_t> leaps_;
};

std::atomic<LeapingTime*> LeapingTime::current{nullptr};

/// Looks that go as `one` says, which is told which of them it is, from 1.
class Looks {
  public:
    explicit Looks(std::function<bool(int)> one) : one_(std::move(one)) {}
    bool look() {
        const std::lock_guard lock(mutex_);
        ++made_;
        changed_.notify_all();
        return one_(made_);
    }
    bool wait_for(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return made_ >= count; });
    }

  private:
    const std::function<bool(int)> one_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int made_ = 0;
};

}  // namespace

extern "C" std::uint64_t uv_hrtime() {
    static auto* const real = support::next<std::uint64_t()>("uv_hrtime");
    const LeapingTime* const time = LeapingTime::current;
    return time != nullptr ? time->now_ns() : real();
}

extern "C" int uv_timer_start(uv_timer_t* timer, uv_timer_cb fire, std::uint64_t wait, std::uint64_t repeat) {
    static auto* const real =
        support::next<int(uv_timer_t*, uv_timer_cb, std::uint64_t, std::uint64_t)>("uv_timer_start");
    LeapingTime* const time = LeapingTime::current;
    if (time == nullptr) return real(timer, fire, wait, repeat);
    time->leap(wait);
    return real(timer, fire, 0, repeat);
}

TEST_CASE("a look for foreign writes that failed is tried again in no hurry, whatever the watch tells") {
    constexpr int kFirstSuccess = 5;
    constexpr int kLast = 7;
    LeapingTime time;
    TempFolder folder;
    const std::string path = folder / "store.db";
    const auto loop = runtime::LoopBody::own();
    std::ofstream log(path + "-wal");
    const auto write = [&] { log << "frame" << std::flush; };
    Looks looks([&](int which) {
        if (which <= kFirstSuccess) write();  // As SQLite does, though the disk may be full.
        return which == kFirstSuccess || which == kLast;
    });
    const store::ForeignWrites watched(loop, path, [&](bool) { return looks.look(); });
    write();
    REQUIRE(looks.wait_for(kLast));
    // A write is looked at soon; then four failures, a success that wrote itself, one failure.
    CHECK(time.leaps() == std::vector<std::uint64_t>{5, 200, 400, 800, 1600, 5, 200});
}
