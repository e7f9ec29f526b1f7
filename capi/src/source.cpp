#include "source.hpp"

#include <algorithm>

#include "event_queue.hpp"

namespace fluentsync::capi {

void Source::add_queue(const std::shared_ptr<EventQueue>& queue) {
    std::unique_lock lock(mutex_);
    queues_.erase(
        std::remove_if(queues_.begin(), queues_.end(), [](const auto& known) { return known.expired(); }),
        queues_.end());
    if (!ended_) return queues_.push_back(queue);
    lock.unlock();
    queue->end();
}

void Source::end_queues() {
    std::vector<std::weak_ptr<EventQueue>> queues;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        queues.swap(queues_);
    }
    for (const auto& known : queues)
        if (const auto queue = known.lock()) queue->end();
}

}  // namespace fluentsync::capi
