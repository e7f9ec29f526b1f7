#include "event_callback.hpp"

#include <utility>

#include "arguments.hpp"
#include "values.hpp"

namespace fluentsync::capi {

std::shared_ptr<EventCallback> EventCallback::open(Source& source, fluentsync_events_callback callback,
                                                   std::shared_ptr<void> userdata) {
    if (callback == nullptr) refuse_null("callback");
    auto listener = std::make_shared<EventCallback>(callback, std::move(userdata));
    auto subscription = source.subscribe(*listener);
    const std::lock_guard lock(listener->mutex_);
    listener->subscription_ = std::move(subscription);
    return listener;
}

EventCallback::EventCallback(fluentsync_events_callback callback, std::shared_ptr<void> userdata)
    : callback_(callback), userdata_(std::move(userdata)) {}

/// Whoever closes it, and be it a second one, the callback runs no more when this returns, but on its own
/// thread.
void EventCallback::close() {
    std::unique_lock lock(mutex_);
    if (life_ == Life::open) {
        life_ = Life::closing;
        Subscription last = std::move(subscription_);
        lock.unlock();
        last = Subscription();
        lock.lock();
        life_ = Life::closed;
        changed_.notify_all();
    }
    if (caller_ == std::this_thread::get_id()) return;
    changed_.wait(lock, [this] { return life_ == Life::closed && caller_ == std::thread::id(); });
}

void EventCallback::on_events(const std::vector<Event>& batch) {
    const auto alive = weak_from_this().lock();  // The callback may close its own subscription.
    if (!alive) return;
    {
        const std::lock_guard lock(mutex_);
        if (life_ != Life::open) return;
        caller_ = std::this_thread::get_id();
    }
    callback_(userdata_.get(), lend<fluentsync_event_batch>(batch));
    const std::lock_guard lock(mutex_);
    caller_ = std::thread::id();
    changed_.notify_all();
}

}  // namespace fluentsync::capi
