/// What events come from.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "fluentsync/event.hpp"
#include "registry.hpp"

namespace fluentsync::capi {

class EventQueue;

class Source : public Object {
  public:
    virtual Subscription subscribe(Observer& observer) = 0;
    /// Where nothing may wait for events: they come by this thread.
    virtual bool on_loop_thread() const = 0;

    /// Told when there will be no more events; at once if that is so already.
    void add_queue(const std::shared_ptr<EventQueue>& queue);

  protected:
    /// No more events will come.
    void end_queues();

  private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<EventQueue>> queues_;
    bool ended_ = false;
};

}  // namespace fluentsync::capi
