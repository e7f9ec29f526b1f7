/// A wait between two looks that somebody may end for good.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace fluentsync::runtime {

/// Any thread may call any function.
class Pause {
  public:
    /// Waits for `most`. False, at once, when end() came before or comes meanwhile.
    bool wait(std::chrono::milliseconds most);
    void end();

  private:
    std::mutex mutex_;
    std::condition_variable ended_now_;
    bool ended_ = false;
};

}  // namespace fluentsync::runtime
