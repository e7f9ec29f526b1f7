/// The loop behind EventLoop, with timers and descriptor watches that any thread may arm.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

struct uv_loop_s;
typedef struct uv_loop_s uv_loop_t;

namespace fluentsync::runtime {

/// Owner: shared by the EventLoop and all that lives on it. Callbacks run on the loop thread, with no lock held.
/// One uv_async and one uv_timer serve every task and timer, so an idle loop wakes for nothing.
class LoopBody : public std::enable_shared_from_this<LoopBody> {
  public:
    static std::shared_ptr<LoopBody> own();
    static std::shared_ptr<LoopBody> lend(uv_loop_t* loop);
    ~LoopBody();

    /// Any thread. False, and the task is dropped, after close().
    bool post(std::function<void()> task);
    bool on_loop_thread() const noexcept;
    /// Ends the thread (own loop) or closes the handles (lent loop). Idempotent.
    void close();
    bool closed() const noexcept;

  private:
    struct Handles;
    friend class Timer;
    friend class FdWatch;
    explicit LoopBody(bool owned);
    std::shared_ptr<Handles> handles_;
};

/// A one-shot timer. Any thread may call any function; `fire` runs on the loop thread. When the destructor or
/// cancel() has returned on another thread than the loop's, `fire` is not running and will not run.
class Timer {
  public:
    Timer(std::shared_ptr<LoopBody> loop, std::function<void()> fire);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();
    /// Fires once after `delay`; a pending one is moved.
    void arm(std::chrono::milliseconds delay);
    /// Arms only when nothing is pending.
    void arm_if_idle(std::chrono::milliseconds delay);
    void cancel();

  private:
    struct State;
    std::shared_ptr<LoopBody> loop_;
    std::shared_ptr<State> state_;
};

/// Calls `readable` on the loop thread while `fd` can be read. The same promise on destruction. Does not own `fd`.
class FdWatch {
  public:
    FdWatch(std::shared_ptr<LoopBody> loop, int fd, std::function<void()> readable);
    FdWatch(const FdWatch&) = delete;
    FdWatch& operator=(const FdWatch&) = delete;
    ~FdWatch();

  private:
    struct State;
    std::shared_ptr<LoopBody> loop_;
    std::shared_ptr<State> state_;
};

}  // namespace fluentsync::runtime
