// A handle that two threads close at once.
#include <atomic>
#include <future>
#include <thread>

#include "support.hpp"

namespace fluentsync::ctest {

using support::TempFolder;

TEST_CASE("capi threads: a store is closed on one thread and in a callback at once") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* loop = open_loop();
    struct Meeting {
        fluentsync_store* store;
        std::promise<void> inside;
        int status = -1;
    } meeting{open_store(folder, loop), {}};
    const auto hear = [](void* userdata, const fluentsync_event_batch*) {
        auto& meeting = *static_cast<Meeting*>(userdata);
        meeting.inside.set_value();
        std::int64_t count = 0;  // Until the other thread is at it.
        while (fluentsync_store_count(meeting.store, nullptr, 0, &count, nullptr) == FLUENTSYNC_OK)
            std::this_thread::yield();
        meeting.status = fluentsync_store_close(meeting.store, nullptr);
    };
    fluentsync_subscription* subscription = nullptr;
    REQUIRE(fluentsync_store_subscribe(meeting.store, hear, &meeting, nullptr, &subscription, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(put(meeting.store, "a", "one") == FLUENTSYNC_OK);
    meeting.inside.get_future().wait();
    const int status = fluentsync_store_close(meeting.store, nullptr);
    CHECK(fluentsync_subscription_close(subscription, nullptr) == FLUENTSYNC_OK);
    CHECK((status == FLUENTSYNC_OK || status == FLUENTSYNC_CLOSED));
    CHECK((meeting.status == FLUENTSYNC_OK || meeting.status == FLUENTSYNC_CLOSED));
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: whoever closes a subscription, its callback is over then") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* loop = open_loop();
    auto* store = open_store(folder, loop);
    struct Callback {
        std::promise<void> inside;
        std::shared_future<void> may_end;
        std::atomic<bool> over{false};
    };
    std::promise<void> end;
    Callback callback{{}, end.get_future().share()};
    const auto hear = [](void* userdata, const fluentsync_event_batch*) {
        auto& callback = *static_cast<Callback*>(userdata);
        callback.inside.set_value();
        callback.may_end.wait();
        callback.over = true;
    };
    fluentsync_subscription* subscription = nullptr;
    REQUIRE(fluentsync_store_subscribe(store, hear, &callback, nullptr, &subscription, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(put(store, "a", "one") == FLUENTSYNC_OK);
    callback.inside.get_future().wait();
    std::atomic<int> too_early{0};
    const auto close = [&] {
        fluentsync_subscription_close(subscription, nullptr);
        if (!callback.over) ++too_early;
    };
    std::thread first(close);
    std::thread second(close);
    while (!others_sleep())
        std::this_thread::yield();
    end.set_value();
    first.join();
    second.join();
    CHECK(too_early == 0);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
}

}  // namespace fluentsync::ctest
