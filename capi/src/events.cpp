#include "arguments.hpp"
#include "event_callback.hpp"
#include "event_queue.hpp"
#include "fence.hpp"
#include "objects.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

namespace {

template <class Handle>
int open_queue(Handle* source, std::size_t capacity, fluentsync_events** events, fluentsync_error** error) {
    return fence(error, [&] {
        auto& opened = required(events, "events");
        opened = hand_out<fluentsync_events>(EventQueue::open(use(source), capacity), Ownership::callers);
    });
}

template <class Handle>
int open_callback(Handle* source, fluentsync_events_callback callback, void* userdata,
                  fluentsync_free_function free_userdata, fluentsync_subscription** subscription,
                  fluentsync_error** error) {
    return fence(error, [&] {
        auto kept = keep(userdata, free_userdata);
        auto& opened = required(subscription, "subscription");
        opened = hand_out<fluentsync_subscription>(
            EventCallback::open(*use(source), callback, std::move(kept)), Ownership::callers);
    });
}

}  // namespace

int fluentsync_store_events(fluentsync_store* store, size_t capacity, fluentsync_events** events,
                            fluentsync_error** error) {
    return open_queue(store, capacity, events, error);
}

int fluentsync_directory_events(fluentsync_directory* directory, size_t capacity, fluentsync_events** events,
                                fluentsync_error** error) {
    return open_queue(directory, capacity, events, error);
}

int fluentsync_git_events(fluentsync_git* git, size_t capacity, fluentsync_events** events,
                          fluentsync_error** error) {
    return open_queue(git, capacity, events, error);
}

int fluentsync_workspace_events(fluentsync_workspace* workspace, size_t capacity, fluentsync_events** events,
                                fluentsync_error** error) {
    return open_queue(workspace, capacity, events, error);
}

int fluentsync_events_next(fluentsync_events* events, size_t most, int64_t timeout,
                           fluentsync_event_batch** batch, fluentsync_error** error) {
    return fence(error, [&] {
        auto& taken = required(batch, "batch");
        auto next = use(events)->next(most, timeout);
        if (!next.empty()) taken = give<fluentsync_event_batch>(std::move(next));
    });
}

int fluentsync_events_fd(fluentsync_events* events, int* fd, fluentsync_error** error) {
    return fence(error, [&] {
        auto& descriptor = required(fd, "fd");
        descriptor = -1;
        descriptor = use(events)->descriptor();
    });
}

int fluentsync_events_on_ready(fluentsync_events* events, fluentsync_ready_callback ready, void* userdata,
                               fluentsync_free_function free_userdata, fluentsync_error** error) {
    return fence(error, [&] {
        auto kept = keep(userdata, free_userdata);
        const auto queue = use(events);
        queue->set_ready(ready == nullptr
                             ? nullptr
                             : std::make_shared<const ReadyCallback>(ReadyCallback{ready, std::move(kept)}));
    });
}

int fluentsync_events_close(fluentsync_events* events, fluentsync_error** error) {
    return fence(error, [&] { close_handle(events); });
}

int fluentsync_store_subscribe(fluentsync_store* store, fluentsync_events_callback callback, void* userdata,
                               fluentsync_free_function free_userdata, fluentsync_subscription** subscription,
                               fluentsync_error** error) {
    return open_callback(store, callback, userdata, free_userdata, subscription, error);
}

int fluentsync_directory_subscribe(fluentsync_directory* directory, fluentsync_events_callback callback,
                                   void* userdata, fluentsync_free_function free_userdata,
                                   fluentsync_subscription** subscription, fluentsync_error** error) {
    return open_callback(directory, callback, userdata, free_userdata, subscription, error);
}

int fluentsync_git_subscribe(fluentsync_git* git, fluentsync_events_callback callback, void* userdata,
                             fluentsync_free_function free_userdata, fluentsync_subscription** subscription,
                             fluentsync_error** error) {
    return open_callback(git, callback, userdata, free_userdata, subscription, error);
}

int fluentsync_workspace_subscribe(fluentsync_workspace* workspace, fluentsync_events_callback callback,
                                   void* userdata, fluentsync_free_function free_userdata,
                                   fluentsync_subscription** subscription, fluentsync_error** error) {
    return open_callback(workspace, callback, userdata, free_userdata, subscription, error);
}

int fluentsync_subscription_close(fluentsync_subscription* subscription, fluentsync_error** error) {
    return fence(error, [&] { close_handle(subscription); });
}
