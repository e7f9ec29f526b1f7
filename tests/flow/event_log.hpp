/// An observer that keeps every event, and lets a test wait for the one it expects.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "fluentsync/event.hpp"

namespace fluentsync::flow {

class EventLog : public Observer {
  public:
    using Match = std::function<bool(const Event&)>;

    void on_events(const std::vector<Event>& batch) override {
        const std::lock_guard lock(mutex_);
        events_.insert(events_.end(), batch.begin(), batch.end());
        changed_.notify_all();
    }

    /// True when an event that matches has come, or comes. The bound is a safety net, not an expectation.
    bool wait_for(const Match& match, std::chrono::seconds bound = std::chrono::seconds(60)) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, bound, [&] { return count_locked(match) > 0; });
    }
    bool wait_for(EventKind kind) {
        return wait_for([kind](const Event& event) { return event.kind == kind; });
    }
    /// The same, for at least `count` of them.
    bool wait_for(const Match& match, std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(60),
                                 [&] { return count_locked(match) >= count; });
    }
    std::size_t count(EventKind kind) const {
        const std::lock_guard lock(mutex_);
        return count_locked([kind](const Event& event) { return event.kind == kind; });
    }
    std::size_t count(const Match& match) const {
        const std::lock_guard lock(mutex_);
        return count_locked(match);
    }
    std::vector<Event> all() const {
        const std::lock_guard lock(mutex_);
        return events_;
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        events_.clear();
    }

  private:
    std::size_t count_locked(const Match& match) const {
        std::size_t count = 0;
        for (const Event& event : events_) {
            count += match(event) ? 1 : 0;
        }
        return count;
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Event> events_;
};

inline EventLog::Match entity_event(EventKind kind, std::string id) {
    return [kind, id = std::move(id)](const Event& event) { return event.kind == kind && event.id == id; };
}

}  // namespace fluentsync::flow
