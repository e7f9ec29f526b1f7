#include "runtime/lane.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "runtime/thread.hpp"

namespace fluentsync::runtime {
namespace {

/// What run() waits for.
struct Outcome {
    enum class Is { waiting, done, dropped };

    std::mutex mutex;
    std::condition_variable changed;
    Is is = Is::waiting;
    std::exception_ptr thrown;

    void settle(Is now, std::exception_ptr error) {
        const std::lock_guard lock(mutex);
        if (is != Is::waiting) return;
        is = now;
        thrown = std::move(error);
        changed.notify_all();
    }
};

/// Travels with the posted task; when the last copy goes before the task has run, the lane dropped it.
struct DropNotice {
    explicit DropNotice(std::shared_ptr<Outcome> to) : outcome(std::move(to)) {}
    DropNotice(const DropNotice&) = delete;
    ~DropNotice() { outcome->settle(Outcome::Is::dropped, nullptr); }
    std::shared_ptr<Outcome> outcome;
};

std::exception_ptr thrown_by(const std::function<void()>& task) {
    try {
        task();
        return nullptr;
    } catch (...) {
        return std::current_exception();
    }
}

}  // namespace

struct Lane::State {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> tasks;
    bool stopping = false;
    std::atomic<std::thread::id> id;
    std::mutex joining;
    std::thread thread;

    void work() {
        id = std::this_thread::get_id();
        while (auto task = next())
            task();
    }

    /// Empty: stop.
    std::function<void()> next() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return stopping || !tasks.empty(); });
        if (stopping) return nullptr;
        auto task = std::move(tasks.front());
        tasks.pop_front();
        return task;
    }
};

Lane::Lane(const std::string& name) : state_(std::make_unique<State>()) {
    state_->thread = start_thread(name, [state = state_.get()] {
        give_way(base::tuning::kLaneNice);
        state->work();
    });
}

Lane::~Lane() {
    stop();
}

bool Lane::post(std::function<void()> task) {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) return false;
    state_->tasks.push_back(std::move(task));
    state_->changed.notify_one();
    return true;
}

void Lane::run(const std::function<void()>& task) {
    if (on_lane_thread()) return task();
    const auto outcome = std::make_shared<Outcome>();
    post([notice = std::make_shared<DropNotice>(outcome), &task] {
        notice->outcome->settle(Outcome::Is::done, thrown_by(task));
    });
    std::unique_lock lock(outcome->mutex);
    outcome->changed.wait(lock, [&] { return outcome->is != Outcome::Is::waiting; });
    if (outcome->is == Outcome::Is::dropped) {
        throw Error(ErrorCode::closed, "the worker was stopped before the work began; open it again");
    }
    if (const auto thrown = std::exchange(outcome->thrown, nullptr)) std::rethrow_exception(thrown);
}

bool Lane::on_lane_thread() const noexcept {
    return state_->id == std::this_thread::get_id();
}

void Lane::stop() {
    if (on_lane_thread())
        throw Error(ErrorCode::misuse, "a worker cannot stop itself; stop it from another thread");
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
        dropped.swap(state_->tasks);
        state_->changed.notify_one();
    }
    dropped.clear();  // Before the join: the task that runs may be waiting for somebody who waits for these.
    const std::lock_guard lock(state_->joining);
    if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace fluentsync::runtime
