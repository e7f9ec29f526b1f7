#include "scheduler.hpp"

#include <algorithm>
#include <stdexcept>

namespace simulation {

namespace {

Scheduler* current = nullptr;
/// Beyond this much work without a pause something runs in circles.
constexpr int kEndless = 20'000;

}  // namespace

Scheduler& scheduler() {
    if (current == nullptr) throw std::logic_error("no simulated world is running");
    return *current;
}

void set_scheduler(Scheduler* scheduler) {
    current = scheduler;
}

void Scheduler::remove(Actor* actor) {
    actors_.erase(std::remove(actors_.begin(), actors_.end(), actor), actors_.end());
}

std::vector<Actor*> Scheduler::ready(std::optional<int> only) const {
    std::vector<Actor*> result;
    for (Actor* actor : actors_) {
        if (actor->running == 0 && (!only || actor->replica == *only) && actor->ready() &&
            !(actor->waits_for_others() && busy(actor->replica))) {
            result.push_back(actor);
        }
    }
    return result;
}

bool Scheduler::run_one(std::uint64_t pick, std::optional<int> only) {
    const auto candidates = ready(only);
    if (candidates.empty()) return false;
    Actor* chosen = candidates[pick % candidates.size()];
    if (on_run) on_run(*chosen);
    as(chosen, [&] { chosen->run(); });
    return true;
}

bool Scheduler::run_all(std::optional<int> only) {
    for (int count = 0; count < kEndless; ++count) {
        if (!run_one(0, only)) return true;
    }
    return false;
}

std::optional<std::int64_t> Scheduler::next_due() const {
    std::optional<std::int64_t> result;
    for (const Actor* actor : actors_) {
        const auto due = actor->due();
        if (due && (!result || *due < *result)) result = due;
    }
    return result;
}

bool Scheduler::pass(std::int64_t ms, std::optional<int> only) {
    const std::int64_t end = clock.steady_ms() + ms;
    for (int count = 0; count < kEndless; ++count) {
        if (!run_all(only)) return false;
        const std::int64_t now = clock.steady_ms();
        if (now >= end) return true;
        const auto due = next_due();
        // What is due but does not run is busy: it waits for the frame below.
        const std::int64_t until = due && *due > now ? std::min(*due, end) : end;
        clock.advance_ms(std::max<std::int64_t>(until - now, 1));
    }
    return false;
}

void Scheduler::as(Actor* actor, const std::function<void()>& work) {
    struct Frame {
        Frame(std::vector<Actor*>& stack, Actor* actor) : stack_(stack), actor_(actor) {
            if (actor_ != nullptr) ++actor_->running;
            stack_.push_back(actor_);
        }
        Frame(const Frame&) = delete;
        ~Frame() {
            stack_.pop_back();
            if (actor_ != nullptr) --actor_->running;
        }
        std::vector<Actor*>& stack_;
        Actor* actor_;
    };
    const Frame frame(stack_, actor);
    work();
}

bool Scheduler::busy(int replica) const {
    return std::any_of(stack_.begin(), stack_.end(),
                       [&](const Actor* actor) { return actor != nullptr && actor->replica == replica; });
}

void Scheduler::abandon(int replica) {
    for (Actor* actor : actors_) {
        if (actor->replica == replica) actor->abandon();
    }
}

void Scheduler::yield(int replica, const char* what) {
    clock.tick();
    if (on_yield) on_yield(replica, what);
}

}  // namespace simulation
