// Events pulled and told: order, readiness, losses, the end.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "support.hpp"

namespace fluentsync::ctest {

using support::TempFolder;

namespace {

/// A store with a loop and a queue.
struct Heard {
    explicit Heard(std::size_t capacity = 0) {
        REQUIRE(fluentsync_loop_open(&loop, nullptr) == FLUENTSYNC_OK);
        store = open_store(folder, loop);
        REQUIRE(fluentsync_store_events(store, capacity, &events, nullptr) == FLUENTSYNC_OK);
    }
    ~Heard() {
        if (store != nullptr) CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
        CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
        if (events != nullptr) CHECK(fluentsync_events_close(events, nullptr) == FLUENTSYNC_OK);
    }
    NothingLeft nothing_left;
    TempFolder folder;
    fluentsync_loop* loop = nullptr;
    fluentsync_store* store = nullptr;
    fluentsync_events* events = nullptr;
};

/// Waits for one batch; "kind:id" for each event.
std::vector<std::string> next(fluentsync_events* events, std::size_t most = 0,
                              std::int64_t timeout = FLUENTSYNC_FOREVER) {
    fluentsync_event_batch* batch = nullptr;
    REQUIRE(fluentsync_events_next(events, most, timeout, &batch, nullptr) == FLUENTSYNC_OK);
    std::vector<std::string> told;
    for (std::size_t i = 0; i < fluentsync_event_batch_size(batch); ++i) {
        const auto* event = fluentsync_event_batch_at(batch, i);
        told.push_back(std::string(fluentsync_event_name(event, nullptr)) + " " +
                       fluentsync_event_id(event, nullptr));
    }
    CHECK(fluentsync_event_batch_at(batch, told.size()) == nullptr);
    fluentsync_event_batch_free(batch);
    return told;
}

bool readable(int fd, int timeout = 0) {
    pollfd wanted{fd, POLLIN, 0};
    return poll(&wanted, 1, timeout) == 1;
}

/// Waits until every event published so far has been delivered: the loop runs what it is given in order.
void let_loop_turn(fluentsync_loop* loop) {
    std::promise<void> turned;
    const auto tell = [](void* userdata) { static_cast<std::promise<void>*>(userdata)->set_value(); };
    REQUIRE(fluentsync_loop_post(loop, tell, &turned, nullptr, nullptr) == FLUENTSYNC_OK);
    turned.get_future().wait();
}

}  // namespace

TEST_CASE("capi events: a queue tells what happened, in order, with its fields") {
    Heard heard;
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    fluentsync_event_batch* batch = nullptr;
    REQUIRE(fluentsync_events_next(heard.events, 1, FLUENTSYNC_FOREVER, &batch, nullptr) == FLUENTSYNC_OK);
    const auto* event = fluentsync_event_batch_at(batch, 0);
    CHECK(fluentsync_event_kind(event) == FLUENTSYNC_EVENT_ENTITY_CREATED);
    CHECK(std::string(fluentsync_event_type(event, nullptr)) == "note");
    CHECK(std::string(fluentsync_event_origin(event, nullptr)) == "api");
    CHECK(fluentsync_event_version(event) == 1);
    CHECK(fluentsync_event_time(event) > 1'600'000'000'000);
    CHECK(fluentsync_event_code(event) == FLUENTSYNC_OK);
    CHECK(std::string(fluentsync_event_path(event, nullptr)).empty());
    fluentsync_event_batch_free(batch);
    REQUIRE(put(heard.store, "a", "two") == FLUENTSYNC_OK);
    REQUIRE(put(heard.store, "b", "one") == FLUENTSYNC_OK);
    CHECK(next(heard.events, 1) == std::vector<std::string>{"entity:updated a"});
    CHECK(next(heard.events, 1) == std::vector<std::string>{"entity:created b"});
    CHECK(next(heard.events, 1, 0).empty());
    CHECK(next(heard.events, 1, 1).empty());
}

TEST_CASE("capi events: the descriptor is readable while there is something to take") {
    Heard heard;
    int fd = -1;
    REQUIRE(fluentsync_events_fd(heard.events, &fd, nullptr) == FLUENTSYNC_OK);
    CHECK_FALSE(readable(fd));
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    REQUIRE(put(heard.store, "b", "one") == FLUENTSYNC_OK);
    CHECK(readable(fd, -1));
    let_loop_turn(heard.loop);
    next(heard.events, 1);
    CHECK(readable(fd));
    next(heard.events, 1);
    CHECK_FALSE(readable(fd));
    REQUIRE(put(heard.store, "c", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    int again = -1;
    REQUIRE(fluentsync_events_fd(heard.events, &again, nullptr) == FLUENTSYNC_OK);
    CHECK(again == fd);
    CHECK(readable(fd));
    next(heard.events);
    CHECK(fluentsync_store_close(heard.store, nullptr) == FLUENTSYNC_OK);
    heard.store = nullptr;
    CHECK(readable(fd));  // The end is something to take.
}

TEST_CASE("capi events: ready is told once until the queue is pulled empty") {
    Heard heard;
    Freed freed;
    struct Told {
        std::atomic<int> times{0};
    } told;
    const auto tell = [](void* userdata) { ++static_cast<Told*>(userdata)->times; };
    REQUIRE(fluentsync_events_on_ready(heard.events, tell, &told, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(told.times == 0);
    for (const auto* id : {"a", "b", "c"}) {
        REQUIRE(put(heard.store, id, "one") == FLUENTSYNC_OK);
        let_loop_turn(heard.loop);
    }
    CHECK(told.times == 1);
    next(heard.events, 2);
    REQUIRE(put(heard.store, "d", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(told.times == 1);
    while (!next(heard.events, 0, 0).empty()) {
    }
    REQUIRE(put(heard.store, "e", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(told.times == 2);
    // Whoever comes later is told at once; who is replaced is freed.
    REQUIRE(fluentsync_events_on_ready(heard.events, tell, &told, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(told.times == 3);
    const auto nothing = [](void*) {};
    REQUIRE(fluentsync_events_on_ready(heard.events, nothing, &freed, Freed::free, nullptr) == FLUENTSYNC_OK);
    CHECK(freed.times == 0);
    REQUIRE(fluentsync_events_on_ready(heard.events, nullptr, nullptr, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(freed.times == 1);
    REQUIRE(fluentsync_events_on_ready(heard.events, tell, &told, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(told.times == 4);
    REQUIRE(fluentsync_events_close(heard.events, nullptr) == FLUENTSYNC_OK);
    heard.events = nullptr;
    CHECK(told.times == 4);
}

TEST_CASE("capi events: ready may replace itself, and is then called once behind itself") {
    Heard heard;
    struct Told {
        fluentsync_events* events;
        fluentsync_ready_callback again;
        int times = 0;
        int depth = 0;
        int deepest = 0;
    };
    const auto replace = [](void* userdata) {
        auto& said = *static_cast<Told*>(userdata);
        said.deepest = std::max(said.deepest, ++said.depth);
        if (++said.times < 1000) {  // Else it never ends.
            fluentsync_events_on_ready(said.events, said.again, &said, nullptr, nullptr);
            fluentsync_events_on_ready(said.events, said.again, &said, nullptr, nullptr);
        }
        --said.depth;
    };
    Told told{heard.events, replace};
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    REQUIRE(fluentsync_events_on_ready(heard.events, replace, &told, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(told.times == 2);
    CHECK(told.deepest == 1);
    // Armed all the same: by the next event, though nothing was taken.
    REQUIRE(put(heard.store, "b", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(told.times == 4);
    CHECK(fluentsync_store_close(std::exchange(heard.store, nullptr), nullptr) == FLUENTSYNC_OK);
    CHECK(told.times == 6);
    CHECK(told.deepest == 1);
    CHECK(fluentsync_events_on_ready(heard.events, nullptr, nullptr, nullptr, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi events: ready that replaces itself and takes all hears the end") {
    Heard heard;
    struct Told {
        fluentsync_events* events;
        fluentsync_ready_callback again;
        std::vector<int> ends;
    };
    const auto take = [](void* userdata) {
        auto& said = *static_cast<Told*>(userdata);
        fluentsync_events_on_ready(said.events, said.again, &said, nullptr, nullptr);
        fluentsync_event_batch* batch = nullptr;
        said.ends.push_back(fluentsync_events_next(said.events, 0, 0, &batch, nullptr));
        fluentsync_event_batch_free(batch);
    };
    Told told{heard.events, take, {}};
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(fluentsync_store_close(std::exchange(heard.store, nullptr), nullptr) == FLUENTSYNC_OK);
    REQUIRE(fluentsync_events_on_ready(heard.events, take, &told, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(told.ends == std::vector<int>{FLUENTSYNC_OK, FLUENTSYNC_CLOSED});
    CHECK(fluentsync_events_on_ready(heard.events, nullptr, nullptr, nullptr, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi events: ready tells the end also to who had events left") {
    Heard heard;
    std::atomic<int> times{0};
    const auto tell = [](void* userdata) { ++*static_cast<std::atomic<int>*>(userdata); };
    REQUIRE(fluentsync_events_on_ready(heard.events, tell, &times, nullptr, nullptr) == FLUENTSYNC_OK);
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(fluentsync_store_close(heard.store, nullptr) == FLUENTSYNC_OK);
    heard.store = nullptr;
    CHECK(times == 1);
    CHECK(next(heard.events).size() == 1);
    CHECK(times == 2);
    CHECK(fluentsync_events_on_ready(heard.events, nullptr, nullptr, nullptr, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi events: what does not fit is counted and told in its place") {
    Heard heard(2);
    for (const auto* id : {"a", "b", "lost", "lost too", "and this"})
        REQUIRE(put(heard.store, id, "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(next(heard.events, 1) == std::vector<std::string>{"entity:created a"});
    CHECK(next(heard.events, 1) == std::vector<std::string>{"entity:created b"});
    fluentsync_event_batch* batch = nullptr;
    REQUIRE(fluentsync_events_next(heard.events, 1, 0, &batch, nullptr) == FLUENTSYNC_OK);
    const auto* event = fluentsync_event_batch_at(batch, 0);
    CHECK(fluentsync_event_kind(event) == FLUENTSYNC_EVENT_DROPPED);
    CHECK(fluentsync_event_count(event) == 3);
    fluentsync_event_batch_free(batch);
    REQUIRE(put(heard.store, "c", "one") == FLUENTSYNC_OK);
    CHECK(next(heard.events) == std::vector<std::string>{"entity:created c"});
}

TEST_CASE("capi events: after the source the rest can be taken, then comes the end") {
    Heard heard;
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(fluentsync_store_close(heard.store, nullptr) == FLUENTSYNC_OK);
    heard.store = nullptr;
    CHECK(next(heard.events) == std::vector<std::string>{"entity:created a"});
    fluentsync_event_batch* batch = nullptr;
    Failure failure;
    CHECK(fluentsync_events_next(heard.events, 0, FLUENTSYNC_FOREVER, &batch, failure.out()) ==
          FLUENTSYNC_CLOSED);
    CHECK(failure.message().find("no more events") != std::string::npos);
}

TEST_CASE("capi events: closing the queue or its source wakes who waits") {
    for (const bool close_source : {false, true}) {
        Heard heard;
        std::promise<int> ended;
        std::thread waiter([&] {
            fluentsync_event_batch* batch = nullptr;
            ended.set_value(fluentsync_events_next(heard.events, 0, FLUENTSYNC_FOREVER, &batch, nullptr));
        });
        if (close_source) {
            CHECK(fluentsync_store_close(std::exchange(heard.store, nullptr), nullptr) == FLUENTSYNC_OK);
        } else {
            CHECK(fluentsync_events_close(heard.events, nullptr) == FLUENTSYNC_OK);
        }
        CHECK(ended.get_future().get() == FLUENTSYNC_CLOSED);
        waiter.join();
        if (!close_source) heard.events = nullptr;
    }
}

TEST_CASE("capi events: a subscription runs on the loop's thread until it is closed") {
    Heard heard;
    struct Told {
        fluentsync_loop* loop;
        int events = 0;
        int on_thread = 0;
        int freed = 0;
    } told{heard.loop};
    const auto tell = [](void* userdata, const fluentsync_event_batch* batch) {
        auto& said = *static_cast<Told*>(userdata);
        said.events += static_cast<int>(fluentsync_event_batch_size(batch));
        fluentsync_loop_on_thread(said.loop, &said.on_thread, nullptr);
    };
    const auto freed = [](void* userdata) { ++static_cast<Told*>(userdata)->freed; };
    fluentsync_subscription* subscription = nullptr;
    REQUIRE(fluentsync_store_subscribe(heard.store, tell, &told, freed, &subscription, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(put(heard.store, "a", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(told.events == 1);
    CHECK(told.on_thread == 1);
    CHECK(told.freed == 0);
    REQUIRE(fluentsync_subscription_close(subscription, nullptr) == FLUENTSYNC_OK);
    CHECK(told.freed == 1);
    REQUIRE(put(heard.store, "b", "one") == FLUENTSYNC_OK);
    let_loop_turn(heard.loop);
    CHECK(told.events == 1);
}

}  // namespace fluentsync::ctest
