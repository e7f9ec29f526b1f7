/// A host's callback that hears events on the loop's thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "fluentsync/event.hpp"
#include "fluentsync/fluentsync.h"
#include "source.hpp"

namespace fluentsync::capi {

class EventCallback final : public Object,
                            public Observer,
                            public std::enable_shared_from_this<EventCallback> {
  public:
    static std::shared_ptr<EventCallback> open(Source& source, fluentsync_events_callback callback,
                                               std::shared_ptr<void> userdata);
    EventCallback(fluentsync_events_callback callback, std::shared_ptr<void> userdata);

    void close() override;
    void on_events(const std::vector<Event>& batch) override;

  private:
    const fluentsync_events_callback callback_;
    const std::shared_ptr<void> userdata_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Subscription subscription_;
    enum class Life { open, closing, closed } life_ = Life::open;
    std::thread::id caller_;  ///< Inside the callback.
};

}  // namespace fluentsync::capi
