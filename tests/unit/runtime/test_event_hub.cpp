#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/tuning.hpp"
#include "gate.hpp"
#include "lent_loop.hpp"
#include "runtime/event_hub.hpp"

using namespace fluentsync;
using namespace fluentsync::runtime;

namespace {

struct FixedClock final : base::Clock {
    std::int64_t wall_ms() const override { return 1234; }
    std::int64_t wall_ns() const override { return 1'234'000'000; }
    std::int64_t steady_ms() const override { return 0; }
};

const FixedClock fixed_clock;

Event numbered(std::int64_t number) {
    Event event;
    event.kind = EventKind::progress;
    event.count = number;
    return event;
}

/// Keeps what it is told; reads are for after the loop has stood still.
struct Recorder : Observer {
    void on_events(const std::vector<Event>& batch) override {
        largest = std::max(largest, batch.size());
        ++batches;
        events.insert(events.end(), batch.begin(), batch.end());
        if (also) also();
    }
    std::vector<std::int64_t> counts() const {
        std::vector<std::int64_t> numbers;
        for (const auto& event : events)
            numbers.push_back(event.count);
        return numbers;
    }
    std::vector<Event> events;
    std::size_t largest = 0;
    int batches = 0;
    std::function<void()> also;
};

/// A hub on a lent loop: delivery happens where the test says.
struct Bench {
    Bench() : loop(LoopBody::lend(&lent.loop)), hub(EventHub::make(loop, fixed_clock)) {}
    ~Bench() { loop->close(); }
    void deliver_all() {
        for (int turn = 0; turn < 400; ++turn)
            lent.turn();
    }
    LentLoop lent;
    std::shared_ptr<LoopBody> loop;
    std::shared_ptr<EventHub> hub;
};

}  // namespace

TEST_CASE("events arrive in order, in bounded batches, one batch a turn") {
    Bench bench;
    Recorder recorder;
    const auto subscription = bench.hub->subscribe(recorder, nullptr);
    constexpr std::int64_t total = 1000;
    for (std::int64_t i = 0; i < total; ++i)
        bench.hub->publish(numbered(i));
    CHECK(recorder.events.empty());
    bench.lent.turn();
    CHECK(recorder.batches == 1);
    bench.deliver_all();
    REQUIRE(recorder.events.size() == total);
    for (std::int64_t i = 0; i < total; ++i)
        REQUIRE(recorder.counts()[static_cast<std::size_t>(i)] == i);
    CHECK(recorder.largest == base::tuning::kEventBatch);
}

TEST_CASE("an event is stamped unless it carries a time") {
    Bench bench;
    Recorder recorder;
    const auto subscription = bench.hub->subscribe(recorder, nullptr);
    auto timed = numbered(1);
    timed.time = 99;
    bench.hub->publish(numbered(0));
    bench.hub->publish(timed);
    bench.deliver_all();
    REQUIRE(recorder.events.size() == 2);
    CHECK(recorder.events[0].time == 1234);
    CHECK(recorder.events[1].time == 99);
}

TEST_CASE("a filter chooses, and a subscriber is told only what came after it") {
    Bench bench;
    Recorder early;
    Recorder odd;
    CHECK_FALSE(bench.hub->has_subscribers());
    bench.hub->publish(numbered(-1));
    const auto first = bench.hub->subscribe(early, nullptr);
    CHECK(bench.hub->has_subscribers());
    bench.hub->publish(numbered(1));
    const auto second = bench.hub->subscribe(odd, [](const Event& event) { return event.count % 2 == 1; });
    for (std::int64_t i = 2; i < 6; ++i)
        bench.hub->publish(numbered(i));
    bench.deliver_all();
    CHECK(early.counts() == std::vector<std::int64_t>{1, 2, 3, 4, 5});
    CHECK(odd.counts() == std::vector<std::int64_t>{3, 5});
}

TEST_CASE("overflow is bounded and told once, after what was kept [trap-47]") {
    Bench bench;
    Recorder recorder;
    Recorder choosy;
    const auto subscription = bench.hub->subscribe(recorder, nullptr);
    const auto other = bench.hub->subscribe(choosy, [](const Event&) { return false; });
    const auto room = static_cast<std::int64_t>(base::tuning::kEventQueue);
    for (std::int64_t i = 0; i < room + 10; ++i)
        bench.hub->publish(numbered(i));
    bench.lent.turn();
    bench.hub->publish(numbered(-7));
    bench.deliver_all();
    REQUIRE(recorder.events.size() == static_cast<std::size_t>(room) + 2);
    CHECK(recorder.events[static_cast<std::size_t>(room) - 1].count == room - 1);
    const auto& told = recorder.events[static_cast<std::size_t>(room)];
    CHECK(told.kind == EventKind::events_dropped);
    CHECK(told.count == 10);
    CHECK(recorder.events.back().count == -7);
    REQUIRE(choosy.events.size() == 1);
    CHECK(choosy.events[0].kind == EventKind::events_dropped);
}

TEST_CASE("an observer that throws is told of to the others, once") {
    Bench bench;
    Recorder good;
    Recorder bad;
    bad.also = [] { throw std::runtime_error("no https://me:s3cret@host today"); };
    const auto first = bench.hub->subscribe(bad, nullptr);
    const auto second = bench.hub->subscribe(good, nullptr);
    bench.hub->publish(numbered(1));
    bench.deliver_all();
    bench.hub->publish(numbered(2));
    bench.deliver_all();
    REQUIRE(good.events.size() == 3);
    CHECK(good.events[0].count == 1);
    CHECK(good.events[1].kind == EventKind::error);
    CHECK(good.events[1].message == "an observer threw: no https://***@host today");
    CHECK(good.events[2].count == 2);
    CHECK(bad.counts() == std::vector<std::int64_t>{1, 2});
    bad.also = nullptr;
    bench.hub->publish(numbered(3));
    bench.deliver_all();
    bad.also = [] { throw Error(ErrorCode::io, "again"); };
    bench.hub->publish(numbered(4));
    bench.deliver_all();
    CHECK(good.events.back().code == ErrorCode::io);
}

TEST_CASE("the only observer is told itself of what it threw, once") {
    Bench bench;
    Recorder bad;
    bad.also = [] { throw std::runtime_error("no luck"); };
    const auto subscription = bench.hub->subscribe(bad, nullptr);
    bench.hub->publish(numbered(1));
    bench.deliver_all();
    REQUIRE(bad.events.size() == 2);  // Thrown out of again, and told no more.
    CHECK(bad.events[1].kind == EventKind::error);
    CHECK(bad.events[1].message == "an observer threw: no luck");
}

TEST_CASE("what an observer threw passes every filter, its own too") {
    Bench bench;
    Recorder bad;
    bad.also = [] { throw std::runtime_error("no luck"); };
    const auto no_errors = [](const Event& event) { return event.kind != EventKind::error; };
    auto subscription = bench.hub->subscribe(bad, no_errors);
    bench.hub->publish(numbered(1));
    bench.deliver_all();
    REQUIRE(bad.events.size() == 2);
    CHECK(bad.events[1].message == "an observer threw: no luck");

    Recorder choosy;
    const auto other = bench.hub->subscribe(choosy, no_errors);
    subscription = bench.hub->subscribe(bad, no_errors);
    bench.hub->publish(numbered(2));
    bench.deliver_all();
    REQUIRE(choosy.events.size() == 2);
    CHECK(choosy.events[1].message == "an observer threw: no luck");
}

TEST_CASE("observers that all throw do not tell each other for ever [trap-03]") {
    Bench bench;
    Recorder one;
    Recorder two;
    one.also = two.also = [] { throw 7; };
    const auto first = bench.hub->subscribe(one, nullptr);
    const auto second = bench.hub->subscribe(two, nullptr);
    bench.hub->publish(numbered(1));
    bench.deliver_all();
    CHECK(one.events.size() == 2);
    CHECK(two.events.size() == 2);
}

TEST_CASE("an observer may end its own and another's subscription, and publish") {
    Bench bench;
    Recorder self;
    Recorder other;
    std::optional<Subscription> mine;
    std::optional<Subscription> theirs;
    self.also = [&] {
        mine.reset();
        theirs.reset();
        bench.hub->publish(numbered(9));
    };
    Recorder last;
    mine = bench.hub->subscribe(self, nullptr);
    theirs = bench.hub->subscribe(other, nullptr);
    const auto kept = bench.hub->subscribe(last, nullptr);
    bench.hub->publish(numbered(1));
    bench.deliver_all();
    CHECK(self.counts() == std::vector<std::int64_t>{1});
    CHECK(other.events.empty());
    CHECK(last.counts() == std::vector<std::int64_t>{1, 9});
}

TEST_CASE("a reset on another thread waits for the observer, while events flow [trap-51]") {
    const auto loop = LoopBody::own();
    const auto hub = EventHub::make(loop, base::system_clock());
    struct Counter : Observer {
        void on_events(const std::vector<Event>& batch) override { seen += batch.size(); }
        std::atomic<std::size_t> seen{0};
    } steady;
    const auto always = hub->subscribe(steady, nullptr);
    std::atomic<bool> stop{false};
    std::thread publisher([&] {
        // As fast as they are taken, so that the queue stays short.
        for (std::size_t published = 0; !stop; ++published) {
            while (!stop && published > steady.seen + 200)
                std::this_thread::yield();
            hub->publish(numbered(1));
        }
    });
    for (int round = 0; round < 100; ++round) {
        Gate called;
        auto observer = std::make_unique<Recorder>();
        observer->also = [&] { called.open(); };
        auto subscription = hub->subscribe(*observer, nullptr);
        called.wait();
        subscription.reset();
        observer.reset();  // A late call would be a use after free.
    }
    stop = true;
    publisher.join();
    hub->close();
    CHECK(steady.seen > 0);
    loop->close();
}

TEST_CASE("a hub without a loop keeps events until it gets one") {
    LentLoop lent;
    const auto loop = LoopBody::lend(&lent.loop);
    const auto hub = EventHub::make(nullptr, fixed_clock);
    Recorder recorder;
    const auto subscription = hub->subscribe(recorder, nullptr);
    hub->publish(numbered(1));
    lent.turn();
    CHECK(recorder.events.empty());
    hub->attach(loop);
    hub->publish(numbered(2));
    lent.turn();
    CHECK(recorder.counts() == std::vector<std::int64_t>{1, 2});
    loop->close();
}

TEST_CASE("nothing is told after close, whatever is still held [trap-51]") {
    Bench bench;
    Recorder recorder;
    auto subscription = bench.hub->subscribe(recorder, nullptr);
    bench.hub->publish(numbered(1));
    bench.hub->close();
    bench.hub->publish(numbered(2));
    bench.deliver_all();
    CHECK(recorder.events.empty());
    CHECK_FALSE(bench.hub->has_subscribers());
    const auto late = bench.hub->subscribe(recorder, nullptr);
    CHECK_FALSE(bench.hub->has_subscribers());
    bench.hub.reset();
    subscription.reset();
    bench.deliver_all();
    CHECK(recorder.events.empty());
}

TEST_CASE("a hub may be let go by its own observer") {
    Bench bench;
    Recorder recorder;
    recorder.also = [&] { bench.hub.reset(); };
    auto subscription = bench.hub->subscribe(recorder, nullptr);
    bench.hub->publish(numbered(1));
    bench.deliver_all();
    CHECK(recorder.counts() == std::vector<std::int64_t>{1});
}
