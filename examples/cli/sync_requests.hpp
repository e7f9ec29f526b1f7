/// Syncs that a signal asks `run` for.
#pragma once

#include <condition_variable>
#include <fluentsync/workspace.hpp>
#include <mutex>
#include <string>
#include <thread>

#include "run_desk.hpp"

namespace cli {

/// One sync at a time, on a thread of its own: a slow remote keeps nobody from ending `run`. Requests that
/// come while one is made are served by one more.
class SyncRequests {
  public:
    SyncRequests(fluentsync::Workspace& workspace, RunDesk& desk, const std::string& root);
    SyncRequests(const SyncRequests&) = delete;
    SyncRequests& operator=(const SyncRequests&) = delete;
    ~SyncRequests();

    void ask();
    /// None begins any more.
    void refuse();
    /// Waits for the one that is being made, which closing the workspace cuts short.
    void end();

  private:
    void run();
    SyncReport sync();

    fluentsync::Workspace& workspace_;
    RunDesk& desk_;
    const std::string root_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = false;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace cli
