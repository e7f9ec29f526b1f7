// runtime::LoopBody, Timer and FdWatch on one thread and virtual time: linked in the place of libuv's.
#include <algorithm>
#include <deque>
#include <vector>

#include "runtime/loop_body.hpp"
#include "scheduler.hpp"

namespace fluentsync::runtime {

using simulation::scheduler;

struct TimerEntry {
    explicit TimerEntry(std::function<void()> callback) : fire(std::move(callback)) {}
    std::function<void()> fire;
    std::optional<std::int64_t> due;
};

struct WatchEntry {};

class LoopHandles final : public simulation::Actor {
  public:
    LoopHandles() : Actor(scheduler().constructing, "loop") { scheduler().add(this); }
    ~LoopHandles() override { scheduler().remove(this); }

    bool ready() const override {
        if (closed) return false;
        const auto next = due();
        return !tasks.empty() || (next && *next <= scheduler().clock.steady_ms());
    }
    std::optional<std::int64_t> due() const override {
        std::optional<std::int64_t> result;
        for (const TimerEntry* timer : timers) {
            if (!closed && (!result || *timer->due < *result)) result = timer->due;
        }
        return result;
    }
    void run() override {
        if (!tasks.empty()) {
            const auto task = std::move(tasks.front());
            tasks.pop_front();
            return task();
        }
        const auto next = std::min_element(timers.begin(), timers.end(),
                                           [](auto* a, auto* b) { return *a->due < *b->due; });
        TimerEntry& timer = **next;
        disarm(timer);
        const auto fire = timer.fire;  // What it calls may end the timer.
        fire();
    }
    void abandon() override {
        std::deque<std::function<void()>>().swap(tasks);
        for (TimerEntry* timer : timers) {
            timer->due.reset();
        }
        timers.clear();
    }
    void arm(TimerEntry& timer, std::chrono::milliseconds delay, bool only_sooner) {
        const auto due = scheduler().clock.steady_ms() + std::max<std::int64_t>(delay.count(), 0);
        if (closed || (only_sooner && timer.due && *timer.due <= due)) return;
        disarm(timer);
        timer.due = due;
        timers.push_back(&timer);
    }
    void disarm(TimerEntry& timer) {
        timer.due.reset();
        timers.erase(std::remove(timers.begin(), timers.end(), &timer), timers.end());
    }

    std::deque<std::function<void()>> tasks;
    std::vector<TimerEntry*> timers;
    bool closed = false;
};

LoopBody::LoopBody(std::shared_ptr<LoopHandles> handles) : handles_(std::move(handles)) {}

std::shared_ptr<LoopBody> LoopBody::own() {
    return std::shared_ptr<LoopBody>(new LoopBody(std::make_shared<LoopHandles>()));
}

std::shared_ptr<LoopBody> LoopBody::lend(uv_loop_t*) {
    return own();
}

LoopBody::~LoopBody() {
    close();
}

bool LoopBody::post(std::function<void()> task) {
    if (handles_->closed) return false;
    handles_->tasks.push_back(std::move(task));
    return true;
}

bool LoopBody::on_loop_thread() const noexcept {
    return scheduler().on(handles_.get());
}

void LoopBody::close() {
    handles_->closed = true;
    std::deque<std::function<void()>>().swap(handles_->tasks);
}

bool LoopBody::closed() const noexcept {
    return handles_->closed;
}

Timer::Timer(std::shared_ptr<LoopBody> loop, std::function<void()> fire)
    : loop_(std::move(loop)), entry_(std::make_shared<TimerEntry>(std::move(fire))) {}

Timer::~Timer() {
    loop_->handles_->disarm(*entry_);
}

void Timer::arm(std::chrono::milliseconds delay) {
    loop_->handles_->arm(*entry_, delay, false);
}

void Timer::arm_no_later(std::chrono::milliseconds delay) {
    loop_->handles_->arm(*entry_, delay, true);
}

void Timer::cancel() {
    loop_->handles_->disarm(*entry_);
}

/// Descriptors of the real system tell nothing here: the simulated watcher has its own queue.
FdWatch::FdWatch(std::shared_ptr<LoopBody> loop, int, Readable, Failed) : loop_(std::move(loop)) {}

FdWatch::~FdWatch() = default;

}  // namespace fluentsync::runtime
