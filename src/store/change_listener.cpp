#include "store/change_listener.hpp"

#include <algorithm>
#include <utility>

namespace fluentsync::store {

void ChangeListener::set(std::function<void()> listener) {
    const auto self = std::this_thread::get_id();
    std::unique_lock lock(mutex_);
    listener_.swap(listener);
    ended_.wait(lock, [&] {
        return std::all_of(running_.begin(), running_.end(), [&](std::thread::id id) { return id == self; });
    });
}

void ChangeListener::call() {
    std::function<void()> listener;
    {
        const std::lock_guard lock(mutex_);
        if (!listener_) return;
        listener = listener_;
        running_.push_back(std::this_thread::get_id());
    }
    listener();
    // What the listener holds is let go before set() may return.
    listener = nullptr;
    const std::lock_guard lock(mutex_);
    running_.erase(std::find(running_.begin(), running_.end(), std::this_thread::get_id()));
    ended_.notify_all();
}

}  // namespace fluentsync::store
