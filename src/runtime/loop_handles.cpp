#include "runtime/loop_handles.hpp"

#include <algorithm>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::runtime {
namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;
/// Further away no timer is set; it keeps sums of nanoseconds in range.
constexpr std::chrono::milliseconds kLongestDelay = std::chrono::hours(24 * 365);

/// Ends a turn that has run for long enough.
class Budget {
  public:
    bool spent() const { return uv_hrtime() - begin_ >= kWhole; }
    std::uint64_t begin() const { return begin_; }

  private:
    static constexpr std::uint64_t kWhole = std::chrono::nanoseconds(base::tuning::kLoopBudget).count();
    std::uint64_t begin_ = uv_hrtime();
};

std::uint64_t due_after(std::chrono::milliseconds delay) {
    delay = std::clamp(delay, std::chrono::milliseconds(0), kLongestDelay);
    return uv_hrtime() + static_cast<std::uint64_t>(delay.count()) * kNsPerMs;
}

LoopHandles& owner_of(void* data) {
    return *static_cast<LoopHandles*>(data);
}

}  // namespace

std::shared_ptr<LoopHandles> LoopHandles::open(uv_loop_t* loop, bool keep_alive) {
    auto handles = std::make_shared<LoopHandles>();
    handles->loop_ = loop;
    handles->thread_ = std::this_thread::get_id();
    if (const int failed = uv_async_init(loop, &handles->wake_, on_wake)) {
        throw Error(ErrorCode::io, std::string("cannot use the event loop: ") + uv_strerror(failed));
    }
    uv_timer_init(loop, &handles->timer_);
    handles->wake_.data = handles->timer_.data = handles.get();
    uv_unref(reinterpret_cast<uv_handle_t*>(&handles->timer_));
    if (!keep_alive) uv_unref(reinterpret_cast<uv_handle_t*>(&handles->wake_));
    handles->open_count_ = 2;
    handles->open_ = handles;
    return handles;
}

bool LoopHandles::post(std::function<void()> task) {
    const Lock lock(mutex_);
    if (closed_) return false;
    tasks_.push_back(std::move(task));
    // Otherwise a wake-up is on its way, or the turn that runs asks for one at its end.
    if (tasks_.size() == 1) uv_async_send(&wake_);
    return true;
}

void LoopHandles::on_wake(uv_async_t* handle) {
    auto& self = owner_of(handle->data);
    self.thread_ = std::this_thread::get_id();
    Lock lock(self.mutex_);
    self.run_tasks(lock);
    if (!self.closed_) return self.schedule(lock);
    lock.unlock();
    self.close();
}

/// What waits now, or as much as the budget allows; tasks that these post wait for the next turn.
void LoopHandles::run_tasks(Lock& lock) {
    const Budget budget;
    for (auto left = tasks_.size(); left > 0 && !closed_ && !budget.spent(); --left) {
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
    }
    if (!closed_ && !tasks_.empty()) uv_async_send(&wake_);
}

void LoopHandles::on_timer(uv_timer_t* handle) {
    auto& self = owner_of(handle->data);
    self.thread_ = std::this_thread::get_id();
    Lock lock(self.mutex_);
    self.run_due_timers(lock);
    if (!self.closed_) self.schedule(lock);
}

void LoopHandles::run_due_timers(Lock& lock) {
    const Budget budget;
    while (!closed_ && !timers_.empty() && timers_.begin()->first <= budget.begin() && !budget.spent()) {
        auto& timer = *timers_.begin()->second;
        take_out(timer);
        call(lock, timer.shared_from_this());
    }
}

/// Sets timer_ to the soonest timer. A moved or cancelled one may wake the loop once for nothing: that is
/// cheaper than a wake-up for each move.
void LoopHandles::schedule(Lock&) {
    if (timers_.empty()) {
        wake_at_ = UINT64_MAX;
        uv_timer_stop(&timer_);
        return;
    }
    wake_at_ = timers_.begin()->first;
    const auto now = uv_hrtime();
    const auto wait = wake_at_ > now ? (wake_at_ - now + kNsPerMs - 1) / kNsPerMs : 0;
    uv_update_time(loop_);  // uv_timer_start counts from the loop's own time, which may be stale.
    uv_timer_start(&timer_, on_timer, wait, 0);
}

/// Runs a callback without the lock. The entry is let go without it as well: what it captured may come back
/// here.
void LoopHandles::call(Lock& lock, std::shared_ptr<LoopEntry> entry) {
    running_ = entry.get();
    lock.unlock();
    entry->call();
    lock.lock();
    running_ = nullptr;
    idle_.notify_all();
    lock.unlock();
    entry.reset();
    lock.lock();
}

void LoopHandles::arm(TimerEntry& timer, std::chrono::milliseconds delay, bool only_sooner) {
    const Lock lock(mutex_);
    if (closed_ || !timer.alive) return;
    if (only_sooner && timer.armed && timer.due <= due_after(delay)) return;
    put_in(timer, delay);
    if (timer.due >= wake_at_) return;
    wake_at_ = timer.due;
    uv_async_send(&wake_);
}

void LoopHandles::put_in(TimerEntry& timer, std::chrono::milliseconds delay) {
    take_out(timer);
    timer.due = due_after(delay);
    timer.armed = true;
    timers_.emplace(timer.due, &timer);
}

void LoopHandles::disarm(TimerEntry& timer) {
    Lock lock(mutex_);
    take_out(timer);
    wait_until_idle(lock, timer);
    take_out(timer);  // The callback that was waited for may have armed it again.
}

void LoopHandles::take_out(TimerEntry& timer) {
    if (std::exchange(timer.armed, false)) timers_.erase({timer.due, &timer});
}

void LoopHandles::wait_until_idle(Lock& lock, const LoopEntry& entry) {
    // running_ is only set on the loop's thread, which has just written its id.
    if (thread_.load() == std::this_thread::get_id()) return;
    idle_.wait(lock, [&] { return running_ != &entry; });
}

void LoopHandles::end(LoopEntry& entry) {
    std::function<void()> callback;  // Let go without the lock.
    Lock lock(mutex_);
    entry.alive = false;
    if (auto* timer = dynamic_cast<TimerEntry*>(&entry)) take_out(*timer);
    wait_until_idle(lock, entry);
    if (running_ != &entry) callback.swap(entry.call);
}

void LoopHandles::ask_to_close() {
    const Lock lock(mutex_);
    if (closed_.exchange(true)) return;
    uv_async_send(&wake_);
}

void LoopHandles::close() {
    if (std::exchange(closing_, true)) return;
    std::deque<std::function<void()>> dropped;
    {
        const Lock lock(mutex_);
        closed_ = true;
        dropped.swap(tasks_);
        while (!timers_.empty())
            take_out(*timers_.begin()->second);
    }
    uv_close(reinterpret_cast<uv_handle_t*>(&wake_), on_closed);
    uv_close(reinterpret_cast<uv_handle_t*>(&timer_), on_closed);
    for (const auto& entry : std::exchange(watches_, {}))
        end_poll(*entry);
}

void LoopHandles::on_closed(uv_handle_t* handle) {
    owner_of(handle->data).handle_closed();
}

void LoopHandles::handle_closed() {
    if (--open_count_ == 0) std::exchange(open_, nullptr).reset();
}

}  // namespace fluentsync::runtime
