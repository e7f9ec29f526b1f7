/// A workspace at work, and the moments at which its commits and index arrive.
#pragma once

#include <sys/stat.h>

#include <condition_variable>
#include <fluentsync/fluentsync.hpp>
#include <mutex>
#include <vector>

#include "place.hpp"

namespace fluentsync::bench {

/// Notes when git:committed reaches an observer on the loop thread.
class CommitWatch : public Observer {
  public:
    void on_events(const std::vector<Event>& batch) override;
    std::size_t count();
    /// When commit number `number` (from 1) was told. Throws after a minute without it.
    Clock::time_point wait_for(std::size_t number);

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Clock::time_point> commits_;
};

/// A started workspace, ready: nothing pending.
class Running {
  public:
    explicit Running(const Place& place);
    /// One entity's write until its commit was told, in milliseconds.
    double write(std::size_t entity);
    /// Returns when git's index has followed the last commit and the workspace is idle.
    void wait_for_index();
    Workspace& workspace() { return workspace_; }

  private:
    struct stat index_now() const;

    const std::string index_path_;
    CommitWatch commits_;
    Workspace workspace_;
    Subscription subscription_;
    struct stat index_seen_ = {};
};

}  // namespace fluentsync::bench
