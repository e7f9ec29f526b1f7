/// Carries events from any thread to observers on the loop thread, in batches, bounded.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "fluentsync/event.hpp"
#include "runtime/loop_body.hpp"

namespace fluentsync::runtime {

/// One per store, shared by the directory and git upon it. Order of publication is kept. With no subscriber,
/// publish() costs one atomic load. Beyond tuning::kEventQueue waiting events the newest are dropped,
/// counted, and told as one `events_dropped` when there is room again. An observer or filter that throws is
/// told of to the others, or to itself when alone, as one `error` event, until it has taken a batch again.
class EventHub {
  public:
    using Filter = std::function<bool(const Event&)>;

    /// `loop` may be null: then nothing is delivered until attach().
    /// `clock` outlives the hub.
    static std::shared_ptr<EventHub> make(std::shared_ptr<LoopBody> loop, const base::Clock& clock);
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    /// close().
    ~EventHub();
    /// Gives a hub that has no loop one.
    void attach(const std::shared_ptr<LoopBody>& loop);
    /// `filter` (may be empty: everything) runs on the loop thread; `events_dropped`, and what an observer
    /// threw, pass every filter.
    /// Only what is published from now on is told. After close() the subscription is an empty one.
    Subscription subscribe(Observer& observer, Filter filter);
    bool has_subscribers() const noexcept;
    /// Stamps Event::time when it is 0.
    void publish(Event event);
    /// No event is delivered after this has returned (on another thread than the loop's).
    void close();

  private:
    struct State;
    explicit EventHub(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace fluentsync::runtime
