// runtime::Lane, HelperPool and Pause on one thread: linked in the place of those with threads.
#include <deque>
#include <exception>
#include <stdexcept>

#include "base/clock.hpp"
#include "fluentsync/error.hpp"
#include "runtime/lane.hpp"
#include "runtime/pause.hpp"
#include "scheduler.hpp"

namespace fluentsync {

const base::Clock& base::system_clock() {
    return simulation::scheduler().clock;
}

}  // namespace fluentsync

namespace fluentsync::runtime {

using simulation::scheduler;

struct Lane::State final : simulation::Actor {
    explicit State(const std::string& title) : Actor(scheduler().constructing, title) {
        scheduler().add(this);
    }
    ~State() override { scheduler().remove(this); }
    bool ready() const override { return !tasks.empty(); }
    void run() override {
        const auto task = std::move(tasks.front());
        tasks.pop_front();
        task();
    }

    void abandon() override { std::deque<std::function<void()>>().swap(tasks); }
    bool waits_for_others() const override { return name == "fs-network"; }

    std::deque<std::function<void()>> tasks;
    bool stopping = false;
};

Lane::Lane(const std::string& name) : state_(std::make_unique<State>(name)) {}

Lane::~Lane() {
    stop();
}

bool Lane::post(std::function<void()> task) {
    if (state_->stopping) return false;
    state_->tasks.push_back(std::move(task));
    return true;
}

/// The caller would wait while the lane works off what came before: so that runs here and now.
void Lane::run(const std::function<void()>& task) {
    if (on_lane_thread()) return task();
    scheduler().yield(state_->replica, "lane");
    if (state_->running > 0)
        throw std::logic_error(state_->name + ": the simulated caller would wait for ever");
    bool done = false;
    std::exception_ptr thrown;
    post([&] {
        done = true;
        try {
            task();
        } catch (const simulation::Crash&) {
            throw;
        } catch (...) {
            thrown = std::current_exception();
        }
    });
    while (!done && state_->ready()) {
        scheduler().as(state_.get(), [this] { state_->run(); });
    }
    if (!done) throw Error(ErrorCode::closed, "the worker was stopped before the work began; open it again");
    if (thrown) std::rethrow_exception(thrown);
}

bool Lane::on_lane_thread() const noexcept {
    return scheduler().on(state_.get());
}

void Lane::stop() {
    state_->stopping = true;
    std::deque<std::function<void()>>().swap(state_->tasks);
}

struct HelperPool::State {};

HelperPool::HelperPool(unsigned) : state_(std::make_unique<State>()) {}
HelperPool::~HelperPool() = default;

void HelperPool::for_each(std::size_t count, const std::function<void(std::size_t)>& work) {
    for_each(count, work, [] {});
}

void HelperPool::for_each(std::size_t count, const std::function<void(std::size_t)>& work,
                          const std::function<void()>& beside) {
    beside();
    std::exception_ptr thrown;
    for (std::size_t i = count; i > 0; --i) {
        try {
            work(i - 1);
        } catch (...) {
            if (!thrown) thrown = std::current_exception();
        }
    }
    if (thrown) std::rethrow_exception(thrown);
}

bool Pause::wait(std::chrono::milliseconds most) {
    if (ended_) return false;
    scheduler().clock.advance_ms(most.count());
    return true;
}

void Pause::end() {
    ended_ = true;
}

}  // namespace fluentsync::runtime
