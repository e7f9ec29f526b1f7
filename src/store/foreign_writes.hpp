/// Notices that somebody wrote to the database file, deleted or replaced it: inotify on its folder.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/tuning.hpp"
#include "plan/retry.hpp"
#include "runtime/lane.hpp"
#include "runtime/loop_body.hpp"

namespace fluentsync::store {

/// Calls `look` on a lane of its own soon after the database or a file of its log was written or taken away,
/// by this process or by another, at most some hundred times a second. An idle database wakes nothing. At any
/// time it either listens, or pauses, or looks.
class ForeignWrites {
  public:
    /// `look` must not throw; when it returns false it is called again after a pause, which doubles from one
    /// failure to the next and which no write ends. Its argument: true after a write, false when nothing but
    /// time has passed.
    ForeignWrites(const std::shared_ptr<runtime::LoopBody>& loop, const std::string& database_path,
                  std::function<bool(bool)> look);
    ForeignWrites(const ForeignWrites&) = delete;
    ForeignWrites& operator=(const ForeignWrites&) = delete;
    /// `look` is not running and will not run any more.
    ~ForeignWrites();

  private:
    void open_inotify();
    void watch();
    void pause(std::chrono::milliseconds pause);
    void resume();
    bool drain();
    void look(bool written);

    const std::shared_ptr<runtime::LoopBody> loop_;
    const std::function<bool(bool)> look_;
    std::string folder_;
    std::string name_;
    int fd_ = -1;
    std::unique_ptr<runtime::Lane> lane_;
    std::unique_ptr<runtime::Timer> timer_;
    std::atomic<bool> again_{false};
    plan::Retry retry_{base::tuning::kRetryFirst.count(), base::tuning::kRetryMost.count()};  ///< The lane's.
    std::mutex mutex_;
    bool ending_ = false;
    std::unique_ptr<runtime::FdWatch> watch_;
};

}  // namespace fluentsync::store
