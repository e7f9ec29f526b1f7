#include "runtime/event_hub.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "base/tuning.hpp"

namespace fluentsync::runtime {
namespace {

struct Subscriber {
    Observer& observer;
    EventHub::Filter filter;
    std::uint64_t first;   ///< Number of the first event that it is told.
    bool alive = true;     ///< Guarded by the hub's mutex.
    bool failing = false;  ///< Loop thread: it threw, and the others have been told.
};

using SubscriberRef = std::shared_ptr<Subscriber>;

struct Entry {
    Event event;
    SubscriberRef except = nullptr;  ///< Not told: the event is about this one.
    bool unfiltered = false;         ///< Concerns everybody, whatever they asked for.
};

/// Events taken from the queue, the first of which has the number `first`.
struct Batch {
    std::uint64_t first = 0;
    std::vector<Entry> entries;

    std::vector<Event> events_for(const SubscriberRef& subscriber) const {
        std::vector<Event> events;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto& [event, except, unfiltered] = entries[i];
            if (first + i < subscriber->first || except == subscriber) continue;
            if (unfiltered || !subscriber->filter || subscriber->filter(event)) events.push_back(event);
        }
        return events;
    }
};

Event thrown_by_observer(const char* words, ErrorCode code) {
    Event event;
    event.kind = EventKind::error;
    event.code = code;
    event.message = "an observer threw: " + base::printable(base::redact(words));
    return event;
}

}  // namespace

struct EventHub::State : std::enable_shared_from_this<EventHub::State> {
    using Lock = std::unique_lock<std::mutex>;

    const base::Clock& clock;
    std::atomic<std::size_t> subscriber_count{0};
    std::mutex mutex;
    std::condition_variable idle;
    std::shared_ptr<LoopBody> loop;
    std::vector<SubscriberRef> subscribers;
    std::deque<Entry> queue;
    std::uint64_t front_number = 0;  ///< Number of the queue's first event.
    std::int64_t dropped = 0;
    bool scheduled = false;
    bool closed = false;
    SubscriberRef running;
    std::thread::id runner;

    explicit State(const base::Clock& time) : clock(time) {}

    void enqueue(Event event, SubscriberRef except = nullptr, bool unfiltered = false) {
        if (event.time == 0) event.time = clock.wall_ms();
        const Lock lock(mutex);
        if (closed || subscribers.empty()) return;
        if (queue.size() >= base::tuning::kEventQueue) {
            ++dropped;
            return;
        }
        queue.push_back({std::move(event), std::move(except), unfiltered});
        schedule();
    }

    /// One delivery is on its way at a time; it asks for the next one itself.
    void schedule() {
        if (scheduled || closed || !loop || queue.empty()) return;
        scheduled = loop->post([self = shared_from_this()] { self->deliver(); });
    }

    void deliver() {
        Lock lock(mutex);
        const Batch batch = take_batch();
        const auto told = subscribers;
        for (const auto& subscriber : told) {
            if (subscriber->alive) tell(lock, subscriber, batch);
        }
        scheduled = false;
        schedule();
    }

    Batch take_batch() {
        Batch batch{front_number, {}};
        const auto count = std::min(queue.size(), base::tuning::kEventBatch);
        const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
        batch.entries.assign(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
        queue.erase(queue.begin(), end);
        front_number += count;
        if (count > 0 && dropped > 0) note_dropped();
        return batch;
    }

    /// Behind what was queued before the loss and before what comes after it. What a filter would have let
    /// through may be among it.
    void note_dropped() {
        Event event;
        event.kind = EventKind::events_dropped;
        event.time = clock.wall_ms();
        event.count = std::exchange(dropped, 0);
        queue.push_back({std::move(event), nullptr, true});
    }

    void tell(Lock& lock, const SubscriberRef& subscriber, const Batch& batch) {
        running = subscriber;
        runner = std::this_thread::get_id();
        lock.unlock();
        call(subscriber, batch);
        lock.lock();
        running = nullptr;
        idle.notify_all();
    }

    void call(const SubscriberRef& subscriber, const Batch& batch) {
        try {
            const auto events = batch.events_for(subscriber);
            if (events.empty()) return;
            subscriber->observer.on_events(events);
            subscriber->failing = false;
        } catch (const Error& error) {
            failed(subscriber, error.what(), error.code());
        } catch (const std::exception& error) {
            failed(subscriber, error.what(), ErrorCode::internal);
        } catch (...) {
            failed(subscriber, "something that is no std::exception", ErrorCode::internal);
        }
    }

    /// Once until it works again: two observers that always throw would tell each other of it for ever. Where
    /// nobody else listens it is told itself, so that the words are not lost; nor are they by a filter.
    void failed(const SubscriberRef& subscriber, const char* words, ErrorCode code) {
        if (std::exchange(subscriber->failing, true)) return;
        enqueue(thrown_by_observer(words, code), is_alone() ? nullptr : subscriber, true);
    }

    bool is_alone() {
        const Lock lock(mutex);
        return subscribers.size() == 1;
    }

    void unsubscribe(const SubscriberRef& subscriber) {
        Lock lock(mutex);
        subscriber->alive = false;
        subscribers.erase(std::remove(subscribers.begin(), subscribers.end(), subscriber), subscribers.end());
        subscriber_count = subscribers.size();
        if (subscribers.empty()) forget_queue();
        idle.wait(lock, [&] { return running != subscriber || on_runner(); });
    }

    void close() {
        Lock lock(mutex);
        closed = true;
        for (const auto& subscriber : subscribers)
            subscriber->alive = false;
        subscribers.clear();
        subscriber_count = 0;
        forget_queue();
        idle.wait(lock, [&] { return !running || on_runner(); });
    }

    bool on_runner() const { return runner == std::this_thread::get_id(); }

    void forget_queue() {
        front_number += queue.size();
        queue.clear();
        dropped = 0;
    }
};

std::shared_ptr<EventHub> EventHub::make(std::shared_ptr<LoopBody> loop, const base::Clock& clock) {
    auto state = std::make_shared<State>(clock);
    state->loop = std::move(loop);
    return std::shared_ptr<EventHub>(new EventHub(std::move(state)));
}

EventHub::EventHub(std::shared_ptr<State> state) : state_(std::move(state)) {}

EventHub::~EventHub() {
    close();
}

void EventHub::attach(const std::shared_ptr<LoopBody>& loop) {
    const State::Lock lock(state_->mutex);
    if (state_->loop) return;
    state_->loop = loop;
    state_->schedule();
}

Subscription EventHub::subscribe(Observer& observer, Filter filter) {
    const State::Lock lock(state_->mutex);
    if (state_->closed) return {};
    const auto first = state_->front_number + state_->queue.size();
    auto subscriber = std::make_shared<Subscriber>(Subscriber{observer, std::move(filter), first});
    state_->subscribers.push_back(subscriber);
    state_->subscriber_count = state_->subscribers.size();
    return Subscription([state = std::weak_ptr(state_), subscriber = std::move(subscriber)] {
        if (const auto alive = state.lock()) alive->unsubscribe(subscriber);
    });
}

bool EventHub::has_subscribers() const noexcept {
    return state_->subscriber_count > 0;
}

void EventHub::publish(Event event) {
    if (has_subscribers()) state_->enqueue(std::move(event));
}

void EventHub::close() {
    state_->close();
}

}  // namespace fluentsync::runtime
