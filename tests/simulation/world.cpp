#include "world.hpp"

#include <sys/inotify.h>

#include <set>
#include <utility>

#include "memory_database.hpp"
#include "witness.hpp"

namespace simulation {

using namespace fluentsync;

namespace {

/// Codes of which no fault of the simulation can be the cause.
bool is_ours(ErrorCode code) {
    return code == ErrorCode::internal || code == ErrorCode::misuse || code == ErrorCode::corrupt ||
           code == ErrorCode::folder_owned;
}

/// What a person does to files takes no thread of the host.
bool is_of_files(const std::string& verb) {
    static const std::set<std::string> kVerbs{"write", "save",  "again", "keep", "touch",
                                              "bad",   "plain", "rm",    "mv",   "mvdir",
                                              "rmdir", "taken", "mend",  "mark", "rule"};
    return kVerbs.count(verb) > 0;
}

}  // namespace

World::World(const Setup& setup, const std::filesystem::path& place) : setup_(setup) {
    set_scheduler(&scheduler_);
    set_remote(&remote_);
    std::vector<Machine*> machines;
    for (int i = 0; i < setup.replicas; ++i) {
        replicas_.push_back(
            std::make_unique<Replica>(i, (place / std::to_string(i)).string(), setup_, scheduler_.clock));
        Machine& machine = replicas_.back()->machine;
        machine.placed = [this, i](const std::string& path, const std::string& text) {
            trace("placed " + path);
            replicas_[static_cast<std::size_t>(i)]->placed.insert(path);
            if (ambush_ && ambush_->replica == i && ambush_->path == path) ambush_->placed = true;
            model_.engine_placed(path, text);
        };
        machines.push_back(&machine);
    }
    set_machines(machines);
    watch_databases(machines);
    scheduler_.on_yield = [this](int replica, const char* what) { interrupt(replica, what); };
    scheduler_.on_run = [this](const Actor& actor) {
        Replica& replica = *replicas_[static_cast<std::size_t>(actor.replica)];
        if (!scheduler_.busy(actor.replica)) replica.begin_piece();
        trace("run " + std::to_string(actor.replica) + " " + actor.name);
    };
}

World::~World() {
    scheduler_.on_yield = {};
    for (const auto& replica : replicas_) {  // All before the first of their machines goes.
        replica->bury();
    }
    replicas_.clear();
    watch_databases({});
    set_machines({});
    close_repositories();
    forget_databases();
    set_remote(nullptr);
    set_scheduler(nullptr);
}

void World::trace(const std::string& line) {
    for (const char c : line + "\n") {
        trace_ = (trace_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    if (on_trace) on_trace(line);
}

void World::run(const Script& script) {
    for (const auto& replica : replicas_) {
        start(*replica);
    }
    for (const Step& step : script.steps) {
        perform(step);
    }
    calm_down();
    for (const auto& replica : replicas_) {
        trace("head " + replica->look().commit);
    }
}

void World::perform(const Step& step) {
    trace("step " + to_text(step));
    if (step.during) {
        interruptions_.push_back({step, step.after});
        return;
    }
    carry_out(step);
}

void World::carry_out(const Step& step) {
    ++performed;
    Replica& replica = *replicas_[static_cast<std::size_t>(step.replica) % replicas_.size()];
    const bool world = step.verb == "run" || step.verb == "wait" || is_of_files(step.verb);
    const bool was_busy = scheduler_.busy(replica.machine.number);
    guarded(replica.machine.number, world ? nullptr : &replica.caller, [&] {
        if (step.verb == "run") {
            for (const auto& one : replicas_) {
                one->machine.interrupted = one->machine.interrupted || scheduler_.busy(one->machine.number);
            }
            scheduler_.run_one(step.a);
        } else if (step.verb == "wait") {
            if (!scheduler_.pass(static_cast<std::int64_t>(step.a * step.a / (1 + step.b)))) {
                throw Violation("bounded: work goes on without an end");
            }
        } else if (!by_people(step) && !call(step, replica, was_busy)) {
            tamper(step, replica);
        }
    });
    after_work();
}

/// Runs what may die under way.
void World::guarded(int replica, Actor* thread, const std::function<void()>& work) {
    try {
        scheduler_.as(thread, work);
    } catch (const Crash& crash) {
        trace("crash " + std::to_string(crash.replica));
        if (scheduler_.busy(crash.replica)) throw;  // Frames of it are below still.
        replicas_[static_cast<std::size_t>(crash.replica)]->bury();
    } catch (const Error& error) {
        trace("error " + std::to_string(replica) + " " + std::to_string(static_cast<int>(error.code())));
        // 531: a dead process's commit, which the simulation itself refuses.
        const bool of_the_dead = std::string_view(error.what()).find("code 531") != std::string_view::npos;
        // One thread stands for all: whoever comes in the middle of a transaction seems to be inside it.
        const bool inside = depth_ > 0 && error.code() == ErrorCode::misuse;
        if (is_ours(error.code()) && !of_the_dead && !inside) {
            throw Violation(std::string("an error that nothing here explains: ") + error.what());
        }
    }
}

void World::after_work() {
    for (const auto& replica : replicas_) {
        // Killed between two calls of the port: whoever was at work has returned, and everything after was
        // void.
        if (replica->running() && replica->machine.dead && !scheduler_.busy(replica->machine.number)) {
            trace("dead " + std::to_string(replica->machine.number));
            replica->bury();
        }
        if (!replica->machine.held_loop.empty()) {
            throw Violation("non-blocking: on the loop's thread: " + replica->machine.held_loop);
        }
        if (!replica->machine.trespass.empty()) {
            throw Violation("confined: written where nothing is mounted now: " + replica->machine.trespass);
        }
        if (!replica->internal_error.empty()) {
            throw Violation("internal error told by an event: " + replica->internal_error);
        }
    }
}

/// A thread of `replica` is at a point where others may come first.
void World::interrupt(int replica, const char* what) {
    if (on_trace) on_trace(std::string("  point ") + std::to_string(replica) + " " + what);
    if (depth_ > 0) return;
    if (ambush_ && ambush_->placed && ambush_->replica == replica) spring_ambush();
    for (std::size_t i = 0; i < interruptions_.size(); ++i) {
        Interruption& one = interruptions_[i];
        if (*one.step.during != replica || one.countdown-- > 0) continue;
        const Step step = one.step;
        interruptions_.erase(interruptions_.begin() + static_cast<std::ptrdiff_t>(i));
        trace("meanwhile " + to_text(step));
        as_meanwhile(step);
        return;
    }
}

/// In the middle of something, where nobody else comes in.
void World::as_meanwhile(const Step& step) {
    struct Depth {
        explicit Depth(int& depth) : depth_(++depth) {}
        ~Depth() { --depth_; }
        int& depth_;
    } const depth(depth_);
    carry_out(step);
}

void World::start(Replica& replica) {
    if (replica.running()) return;
    guarded(replica.machine.number, &replica.caller, [&] {
        try {
            replica.start();
        } catch (const Error&) {
            replica.bury();
            throw;
        }
    });
    after_work();
}

/// Calls of the API that wait. False: the step is none.
bool World::call(const Step& step, Replica& replica, bool busy) {
    const bool known = step.verb == "commit" || step.verb == "pull" || step.verb == "push" ||
                       step.verb == "sync" || step.verb == "flush" || step.verb == "start" ||
                       step.verb == "restart" || step.verb == "fresh" || step.verb == "mount";
    if (!known) return false;
    if (busy) return true;
    if (step.verb == "start") {
        start(replica);
        return true;
    }
    if (!replica.running()) return true;
    replica.begin_piece();
    Workspace& workspace = replica.workspace();
    if (step.verb == "restart") {
        replica.stop();
        start(replica);
    } else if (step.verb == "flush") {
        workspace.directory().flush();
        replica.settled();
    } else if (step.verb == "fresh") {
        fresh(replica, step);
    } else if (step.verb == "mount") {
        mount_folder(replica, step);
    } else if (step.verb == "sync") {
        workspace.sync();
        replica.settled();
    } else if (!workspace.has_git()) {
        return true;
    } else if (step.verb == "commit") {
        workspace.git().commit();
    } else if (step.verb == "pull") {
        workspace.git().pull();
    } else {
        workspace.git().push();
    }
    return true;
}

/// What goes wrong.
void World::tamper(const Step& step, Replica& replica) {
    Machine& machine = replica.machine;
    if (step.verb == "offline") {
        machine.offline = step.a % 2 == 0;
    } else if (step.verb == "lost") {
        machine.lost_replies = 1;
    } else if (step.verb == "crash") {
        if (replica.running()) machine.crash_at = static_cast<int>(step.a % 60);
    } else if (step.verb == "fail") {
        if (replica.running()) {
            machine.fail_at = static_cast<int>(step.a % 60);
            machine.fails = step.b % 4 == 0 ? static_cast<int>(2 + step.b % 25) : 1;
        }
    } else if (step.verb == "jump") {
        scheduler_.clock.jump_ms((static_cast<std::int64_t>(step.a) - 500) *
                                 static_cast<std::int64_t>(step.b) * 7);
    } else if (!machine.disk.watchers.empty()) {
        auto& queue = machine.disk.watchers.back()->queue;
        if (step.verb == "flood") queue.assign(1, {-1, IN_Q_OVERFLOW, {}});
        if (queue.empty()) return;
        const auto at = static_cast<std::ptrdiff_t>(step.a % queue.size());
        replica.deaf = true;
        if (step.verb == "drop") {
            queue.erase(queue.begin() + at);
        } else if (step.verb == "double") {
            queue.insert(queue.begin() + at, Inotify::Event(queue[step.a % queue.size()]));
        } else if (step.verb == "swap") {
            std::swap(queue.front(), queue[step.a % queue.size()]);
        }
    }
}

}  // namespace simulation
