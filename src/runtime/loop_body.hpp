/// The loop behind EventLoop, with timers and descriptor watches that any thread may arm.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

struct uv_loop_s;
typedef struct uv_loop_s uv_loop_t;

namespace fluentsync::runtime {

class LoopHandles;
struct TimerEntry;
struct WatchEntry;

/// Owner: shared by the EventLoop and all that lives on it. Callbacks run on the loop thread, with no lock
/// held; an exception must not leave one. One uv_async and one uv_timer serve every task and timer, so an
/// idle loop wakes for nothing.
class LoopBody {
  public:
    static std::shared_ptr<LoopBody> own();
    /// On the thread that runs `loop`, or while none runs it; so is close().
    static std::shared_ptr<LoopBody> lend(uv_loop_t* loop);
    LoopBody(const LoopBody&) = delete;
    LoopBody& operator=(const LoopBody&) = delete;
    /// close(); on the loop's own thread it lets the thread end by itself.
    ~LoopBody();

    /// Any thread. False, and the task is dropped, after close().
    bool post(std::function<void()> task);
    /// A lent loop's thread is the one that last ran a callback of ours; before the first, the one that lent
    /// it.
    bool on_loop_thread() const noexcept;
    /// Ends the thread (own loop) or closes the handles (lent loop). Waiting tasks are dropped, timers and
    /// watches fall silent. Idempotent. Throws Error(misuse) on the thread of an own loop.
    void close();
    bool closed() const noexcept;
    /// Whether its thread is our own.
    bool owned() const noexcept { return owned_; }
    /// How many are at work on it: for LoopUse, and for who closes it.
    std::atomic<int>& uses() noexcept { return uses_; }

  private:
    friend class Timer;
    friend class FdWatch;
    explicit LoopBody(std::shared_ptr<LoopHandles> handles);
    void start(const std::shared_ptr<uv_loop_t>& loop);

    std::shared_ptr<LoopHandles> handles_;
    bool owned_ = false;
    std::atomic<int> uses_{0};
    std::mutex joining_;
    std::thread thread_;
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
    /// Fires once after `delay` at the latest; a pending one that is due sooner stays.
    void arm_no_later(std::chrono::milliseconds delay);
    void cancel();

  private:
    std::shared_ptr<LoopBody> loop_;
    std::shared_ptr<TimerEntry> entry_;
};

/// Calls `readable` on the loop thread while `fd` can be read; or, once, `failed` with the reason when the
/// loop cannot watch it, which only its thread finds out. The same promise on destruction. Does not own `fd`.
class FdWatch {
  public:
    /// Returns for how long the loop may sleep through what arrives next: 0 to be called at once.
    using Readable = std::function<std::chrono::milliseconds()>;
    using Failed = std::function<void(const std::string&)>;
    FdWatch(std::shared_ptr<LoopBody> loop, int fd, Readable readable, Failed failed);
    FdWatch(const FdWatch&) = delete;
    FdWatch& operator=(const FdWatch&) = delete;
    ~FdWatch();

  private:
    std::shared_ptr<LoopBody> loop_;
    std::shared_ptr<WatchEntry> entry_;
};

}  // namespace fluentsync::runtime
