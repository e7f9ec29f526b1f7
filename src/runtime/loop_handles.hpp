/// The uv handles behind a LoopBody. They outlive it until libuv has closed them.
#pragma once

#include <uv.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace fluentsync::runtime {

/// A callback that the loop thread runs and any thread may end. Guarded by the loop's mutex.
struct LoopEntry : std::enable_shared_from_this<LoopEntry> {
    explicit LoopEntry(std::function<void()> callback) : call(std::move(callback)) {}
    LoopEntry(const LoopEntry&) = delete;
    LoopEntry& operator=(const LoopEntry&) = delete;
    virtual ~LoopEntry() = default;

    std::function<void()> call;
    bool alive = true;
};

class LoopHandles;

struct TimerEntry : LoopEntry {
    using LoopEntry::LoopEntry;
    bool armed = false;
    std::uint64_t due = 0;  ///< uv_hrtime() at which it fires.
};

struct WatchEntry : LoopEntry {
    using LoopEntry::LoopEntry;
    ~WatchEntry() override;

    LoopHandles* loop = nullptr;  ///< Set while libuv knows `poll`.
    int fd = -1;                  ///< A duplicate of ours, so that the owner may close his at any time.
    std::function<void(const std::string&)> failed;
    std::chrono::milliseconds rest{0};   ///< What its call returned. Loop thread.
    std::shared_ptr<TimerEntry> rested;  ///< Ends a rest. Loop thread.
    uv_poll_t poll{};
    std::shared_ptr<WatchEntry> polled;  ///< Itself, while libuv knows `poll`.
};

/// Callbacks of libuv come in through the static functions; all else may be called from any thread unless
/// said otherwise.
class LoopHandles : public std::enable_shared_from_this<LoopHandles> {
  public:
    /// On the loop's thread or before it runs. `keep_alive`: whether our handles keep uv_run() going.
    static std::shared_ptr<LoopHandles> open(uv_loop_t* loop, bool keep_alive);

    bool post(std::function<void()> task);
    bool closed() const noexcept { return closed_; }
    std::thread::id thread() const noexcept { return thread_; }
    void set_thread(std::thread::id id) noexcept { thread_ = id; }
    /// Any thread: no more tasks; the loop thread closes the handles.
    void ask_to_close();
    /// On the loop's thread, or while none runs it.
    void close();

    void arm(TimerEntry& timer, std::chrono::milliseconds delay, bool only_sooner);
    void disarm(TimerEntry& timer);
    void begin_watch(const std::shared_ptr<WatchEntry>& entry);
    /// After end(): lets go of the descriptor soon.
    void end_watch(const std::shared_ptr<WatchEntry>& entry);
    /// When it returns, the entry's callback does not run and will not (but for the caller's own callback).
    void end(LoopEntry& entry);

  private:
    using Lock = std::unique_lock<std::mutex>;

    static void on_wake(uv_async_t* handle);
    static void on_timer(uv_timer_t* handle);
    static void on_readable(uv_poll_t* handle, int status, int events);
    static void on_closed(uv_handle_t* handle);
    static void on_poll_closed(uv_handle_t* handle);
    void run_tasks(Lock& lock);
    void run_due_timers(Lock& lock);
    void schedule(Lock& lock);
    void call(Lock& lock, std::shared_ptr<LoopEntry> entry);
    void put_in(TimerEntry& timer, std::chrono::milliseconds delay);
    void take_out(TimerEntry& timer);
    void wait_until_idle(Lock& lock, const LoopEntry& entry);
    void fail_watch(const std::shared_ptr<WatchEntry>& entry, int error);
    void begin_poll(const std::shared_ptr<WatchEntry>& entry);
    void start_poll(const std::shared_ptr<WatchEntry>& entry);
    void rest(Lock& lock, const std::shared_ptr<WatchEntry>& entry);
    void end_poll(WatchEntry& entry);
    void handle_closed();

    uv_loop_t* loop_ = nullptr;
    uv_async_t wake_{};
    uv_timer_t timer_{};
    std::shared_ptr<LoopHandles> open_;              ///< Itself, while libuv knows a handle of ours.
    int open_count_ = 0;                             ///< Loop thread.
    bool closing_ = false;                           ///< Loop thread.
    std::set<std::shared_ptr<WatchEntry>> watches_;  ///< Loop thread.
    std::atomic<std::thread::id> thread_;
    std::atomic<bool> closed_{false};  ///< Written under the mutex.

    std::mutex mutex_;
    std::condition_variable idle_;
    std::deque<std::function<void()>> tasks_;
    std::set<std::pair<std::uint64_t, TimerEntry*>> timers_;
    std::uint64_t wake_at_ = UINT64_MAX;  ///< What timer_ is set to, or was asked to be.
    const LoopEntry* running_ = nullptr;
};

}  // namespace fluentsync::runtime
