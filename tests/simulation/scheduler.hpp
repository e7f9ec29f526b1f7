/// Everything that could run, on one thread: lanes, loops, timers and watchers of all replicas.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "virtual_clock.hpp"

namespace simulation {

/// Thrown out of whatever a replica was doing when its process dies. No std::exception: what catches errors
/// does not catch this.
struct Crash {
    int replica;
};

/// Something with a queue of its own that runs one piece of work at a time, as one thread would.
class Actor {
  public:
    Actor(int owner, std::string title) : replica(owner), name(std::move(title)) {}
    virtual ~Actor() = default;
    virtual bool ready() const = 0;
    /// Runs one piece of work.
    virtual void run() = 0;
    /// Its process died: what waits is dropped.
    virtual void abandon() {}
    /// It may have to wait for another actor of its replica, so it runs only while none of those does.
    virtual bool waits_for_others() const { return false; }
    /// When it will be ready by itself, in steady milliseconds.
    virtual std::optional<std::int64_t> due() const { return std::nullopt; }

    const int replica;
    const std::string name;
    int running = 0;  ///< Frames of it on the stack; it is not re-entered.
};

class Scheduler {
  public:
    VirtualClock clock;

    void add(Actor* actor) { actors_.push_back(actor); }
    void remove(Actor* actor);

    /// Runs one piece of work of the `pick`-th of those that are ready (modulo their number). False: nothing
    /// is ready. With `only`: of that replica.
    bool run_one(std::uint64_t pick, std::optional<int> only = std::nullopt);
    /// Runs until nothing is ready. False: it did not end.
    bool run_all(std::optional<int> only = std::nullopt);
    /// The earliest time at which something becomes ready by itself.
    std::optional<std::int64_t> next_due() const;
    /// Lets time pass, running what becomes due on the way. False: something ran without an end.
    bool pass(std::int64_t ms, std::optional<int> only = std::nullopt);

    /// Runs `work` as if on the thread of `actor` (null: a thread of its own).
    void as(Actor* actor, const std::function<void()>& work);
    /// Whether the work under way is that of some loop's thread, which tells of the watches' events too.
    bool on_loop() const {
        return !stack_.empty() && stack_.back() != nullptr &&
               (stack_.back()->name == "loop" || stack_.back()->name == "watcher");
    }
    bool on(const Actor* actor) const { return !stack_.empty() && stack_.back() == actor; }
    /// Whether any work of this replica is on the stack.
    bool busy(int replica) const;

    /// The process of this replica died.
    void abandon(int replica);

    /// Where a thread of `replica` could be interrupted, or its process killed. `what` goes to the trace.
    void yield(int replica, const char* what);
    std::function<void(int replica, const char* what)> on_yield;
    /// Told of each piece of work.
    std::function<void(const Actor&)> on_run;

    /// To which replica what is made now belongs.
    int constructing = -1;

  private:
    std::vector<Actor*> ready(std::optional<int> only) const;

    std::vector<Actor*> actors_;
    std::vector<Actor*> stack_;
};

/// That of the world that runs in this process.
Scheduler& scheduler();
void set_scheduler(Scheduler* scheduler);

}  // namespace simulation
