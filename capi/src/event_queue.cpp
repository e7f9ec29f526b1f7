#include "event_queue.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

#include "fluentsync/error.hpp"

namespace fluentsync::capi {
namespace {

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

/// Of the ready callback, while it runs. Those of a thread are a chain: one may call another queue's.
struct EventQueue::Call {
    explicit Call(const EventQueue& of) : queue(&of), outer(std::exchange(innermost, this)) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() { innermost = outer; }

    const EventQueue* const queue;
    Call* const outer;
    std::uint64_t telling = 0;  ///< The one that waits for the callback to return; 0: none.
    bool replaced = false;      ///< It was replaced by itself,
    bool followed = false;      ///< and the new one was called at once for that.
    static thread_local Call* innermost;
};

thread_local EventQueue::Call* EventQueue::Call::innermost = nullptr;

std::shared_ptr<EventQueue> EventQueue::open(const std::shared_ptr<Source>& source, std::size_t capacity) {
    auto queue = std::make_shared<EventQueue>(source, capacity);
    queue->subscription_ = source->subscribe(*queue);
    source->add_queue(queue);
    return queue;
}

EventQueue::EventQueue(const std::shared_ptr<Source>& source, std::size_t capacity)
    : source_(source), capacity_(capacity == 0 ? kUsualCapacity : capacity) {}

std::vector<Event> EventQueue::next(std::size_t most, std::int64_t timeout_ms) {
    if (timeout_ms < FLUENTSYNC_FOREVER) {
        throw Error(ErrorCode::invalid_argument,
                    "timeout is milliseconds, 0 or FLUENTSYNC_FOREVER, not " + std::to_string(timeout_ms));
    }
    const auto source = source_.lock();
    if (timeout_ms != 0 && source && source->on_loop_thread()) {
        throw Error(ErrorCode::misuse,
                    "the loop's thread cannot wait for events: they come by it; use timeout 0");
    }
    Lock lock(mutex_);
    if (!something()) wait(lock, timeout_ms);
    if (closed_ || (ended_ && events_.empty())) {
        throw Error(ErrorCode::closed, closed_ ? "this events queue is closed"
                                               : "no more events: what this queue listens to is closed");
    }
    auto taken = take(most == 0 ? kUsualBatch : most);
    if (ended_ && events_.empty()) {  // The end has not been told for itself while there were events.
        told_ = false;
        tell(lock);
    }
    return taken;
}

void EventQueue::wait(Lock& lock, std::int64_t timeout_ms) {
    const auto ready = [this] { return something(); };
    // Beyond a century a clock would overflow.
    constexpr std::int64_t longest = std::int64_t{100} * 365 * 24 * 3600 * 1000;
    if (timeout_ms < 0 || timeout_ms > longest) {
        changed_.wait(lock, ready);
    } else if (timeout_ms > 0) {
        changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), ready);
    }
}

std::vector<Event> EventQueue::take(std::size_t most) {
    const auto end = events_.begin() + static_cast<std::ptrdiff_t>(std::min(most, events_.size()));
    std::vector<Event> taken(std::make_move_iterator(events_.begin()), std::make_move_iterator(end));
    events_.erase(events_.begin(), end);
    if (!taken.empty() && dropped_ > 0) {
        // Behind what was there before the loss, and before what comes after it.
        Event loss;
        loss.kind = EventKind::events_dropped;
        loss.time = now_ms();
        loss.count = std::exchange(dropped_, 0);
        events_.push_back(std::move(loss));
    }
    told_ = something();
    descriptor_.set(something());
    return taken;
}

int EventQueue::descriptor() {
    const Lock lock(mutex_);
    return descriptor_.get();
}

void EventQueue::set_ready(std::shared_ptr<const ReadyCallback> ready) {
    Lock lock(mutex_);
    ready_.swap(ready);
    told_ = false;
    if (Call* call = call_on_this_thread()) {
        if (call->followed) return;  // One that takes nothing and replaces itself would never end.
        call->replaced = true;
    }
    if (something()) tell(lock);
}

void EventQueue::end() {
    Lock lock(mutex_);
    ended_ = true;
    tell(lock);
}

void EventQueue::close() {
    Subscription last;
    std::shared_ptr<const ReadyCallback> ready;
    {
        const Lock lock(mutex_);
        closed_ = true;
        last = std::move(subscription_);
        ready_.swap(ready);
        descriptor_.set(true);  // Whoever polls a copy of it wakes.
    }
    changed_.notify_all();
}

void EventQueue::on_events(const std::vector<Event>& batch) {
    const auto alive = weak_from_this().lock();  // The ready callback may close this queue.
    if (!alive) return;
    Lock lock(mutex_);
    for (const auto& event : batch)
        add(event);
    tell(lock);
}

void EventQueue::add(const Event& event) {
    if (closed_) return;
    if (events_.size() < capacity_) {
        events_.push_back(event);
    } else {
        // A loss that the library itself tells of counts for as many as it names.
        dropped_ += event.kind == EventKind::events_dropped ? event.count : 1;
    }
}

void EventQueue::tell(Lock& lock) {
    if (!something()) return;
    descriptor_.set(true);
    changed_.notify_all();
    if (std::exchange(told_, true)) return;
    ++tellings_;
    if (Call* call = call_on_this_thread()) {
        call->telling = tellings_;
    } else {
        call_ready(lock);
    }
}

void EventQueue::call_ready(Lock& lock) {
    Call call(*this);
    do {
        call.telling = 0;
        call.followed = call.replaced;
        auto ready = ready_;
        lock.unlock();
        if (ready) ready->call(ready->userdata.get());
        ready.reset();  // Freed without the lock.
        lock.lock();
    } while (told_ && call.telling == tellings_);  // Else taken since, or told by another thread.
}

EventQueue::Call* EventQueue::call_on_this_thread() const noexcept {
    Call* call = Call::innermost;
    while (call != nullptr && call->queue != this)
        call = call->outer;
    return call;
}

}  // namespace fluentsync::capi
