/// One replaceable listener that any thread may call.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fluentsync::store {

class ChangeListener {
  public:
    /// When this returns, no older listener is running, but on this thread.
    void set(std::function<void()> listener);
    /// No lock is held while the listener runs.
    void call();

  private:
    std::mutex mutex_;
    std::condition_variable ended_;
    std::function<void()> listener_;
    std::vector<std::thread::id> running_;
};

}  // namespace fluentsync::store
