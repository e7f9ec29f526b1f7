/// A worker thread that runs tasks in order, and a few helpers for work that splits.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace fluentsync::runtime {

/// An exception must not leave a task. Tasks are run in the order they were posted.
class Lane {
  public:
    /// `name` shows in debuggers (15 characters).
    explicit Lane(const std::string& name);
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;
    /// stop().
    ~Lane();
    /// False, and the task is dropped, after stop().
    bool post(std::function<void()> task);
    /// Posts and waits; an exception of the task is thrown here. On the lane's own thread it runs at once.
    /// Throws Error(closed) when the lane stops before the task begins.
    void run(const std::function<void()>& task);
    bool on_lane_thread() const noexcept;
    /// Finishes the task that runs, drops the others, joins. Idempotent. Not on the lane's own thread.
    void stop();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Splits an index range over a few threads and the caller. Threads start on first use.
class HelperPool {
  public:
    explicit HelperPool(unsigned helpers);
    HelperPool(const HelperPool&) = delete;
    HelperPool& operator=(const HelperPool&) = delete;
    ~HelperPool();
    /// Calls work(i) for each i < count, on any of the threads, and returns when all are done. One caller at
    /// a time. The first exception is thrown here after all have ended.
    void for_each(std::size_t count, const std::function<void(std::size_t)>& work);
    /// The same, and the caller runs `beside` first, while the helpers have begun. When it throws, that is
    /// thrown here, and work that nobody has begun is left out.
    void for_each(std::size_t count, const std::function<void(std::size_t)>& work,
                  const std::function<void()>& beside);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace fluentsync::runtime
