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

void EventCallback::close() {
    Subscription last;
    const std::lock_guard lock(mutex_);
    last = std::move(subscription_);
}

void EventCallback::on_events(const std::vector<Event>& batch) {
    const auto alive = weak_from_this().lock();  // The callback may close its own subscription.
    if (alive) callback_(userdata_.get(), lend<fluentsync_event_batch>(batch));
}

}  // namespace fluentsync::capi
