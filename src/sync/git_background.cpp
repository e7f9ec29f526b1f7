// GitBody: everything once, and what runs in the background.
#include "sync/git_body.hpp"

#include <fmt/format.h>
#include "base/redact.hpp"
#include "store/records.hpp"
#include "sync/commit_hop.hpp"
#include "sync/integrate.hpp"

namespace fluentsync::sync {

/// What is lost of the repository the remote may have: it is asked once.
void GitBody::sync() {
    const auto ask_remote = [this] {
        bool asked = false;
        network_lane_.run([&] { asked = fetch_lost_objects(); });
        return asked;
    };
    try {
        sync_once();
    } catch (const Error&) {
        if (!lost_objects_wanted_ || !ask_remote()) {
            throw;
        }
        sync_once();
    }
    if (lost_objects_wanted_ && ask_remote()) {
        sync_once();
    }
    network_lane_.run([] {});  // A process that closes next would give up what was posted there.
    Event event;
    event.kind = EventKind::sync_completed;
    store_.hub()->publish(std::move(event));
}

/// Where the remote cannot be reached, say, the commit stands all the same, and a person's next one must not
/// take it back.
void GitBody::sync_once() {
    open();
    try {
        sync_sides();
    } catch (...) {
        try {
            index_.update_now();
        } catch (const Error&) {  // The first failure is the one that is told.
        }
        throw;
    }
    index_.update_now();
}

void GitBody::sync_sides() {
    directory_.settle_until_quiet({});
    const bool remote = !options_.remote.empty();
    bool unborn = false;
    on_lane([&] {
        unborn = !local().repository.head().commit;
        if (!unborn || !remote) {
            commit_on_lane({});
        }
    });
    if (remote) {
        PullResult pulled;
        network_lane_.run([&] { fetch_and_integrate(pulled); });
    }
    on_lane([this] { commit_on_lane({}); });
    if (remote && needs_push()) {
        push();
    }
}

/// A failure is told and kept for status(); what is worth another try is tried again. True: there was none.
bool GitBody::background(const char* what, EventKind failure, const std::function<void()>& work) {
    try {
        work();
        return true;
    } catch (const std::exception& error) {
        const auto* ours = dynamic_cast<const Error*>(&error);
        const ErrorCode code = ours != nullptr ? ours->code() : ErrorCode::internal;
        if (code == ErrorCode::closed || code == ErrorCode::cancelled) {
            return false;
        }
        // What a pull or a push finds wrong with a repository, here or there, is its own failure.
        const bool waits = dynamic_cast<const StandsBack*>(&error) != nullptr ||
                           code == ErrorCode::repository_busy || code == ErrorCode::root_unverified ||
                           (code == ErrorCode::repository && failure == EventKind::error);
        Event event;
        event.kind = waits ? EventKind::git_standing_back : failure;
        event.code = code;
        event.message = fmt::format("{}: {}", what, base::redact(error.what()));
        bool told = false;
        std::int64_t pause = 0;
        {
            const std::lock_guard lock(mutex_);
            pause = retry_.failed();
            told = waits && standing_back_ == event.message;
            if (waits) {
                standing_back_ = event.message;
            } else if (failure == EventKind::error) {
                last_error_ = event.message;
            }
        }
        if (!waits && failure != EventKind::error) {
            note_network_error(event.message);
        }
        if (!told) {
            store_.hub()->publish(std::move(event));
        }
        // No descriptor left, say: the database was open a moment ago.
        const bool passes = ours != nullptr && (ours->retryable() || code == ErrorCode::cannot_open);
        if ((waits || passes) && failure == EventKind::error) {
            commits_.fire_after(std::chrono::milliseconds(pause));
        }
        return false;
    }
}

void GitBody::post_cycle() {
    {
        const std::lock_guard lock(mutex_);
        if (cycle_posted_ || closed_) {
            return;
        }
        cycle_posted_ = true;
    }
    network_lane_.post([this] {
        {
            const std::lock_guard lock(mutex_);
            cycle_posted_ = false;
        }
        bool through = true;
        if (!options_.remote.empty()) {
            const bool whole =
                background("pull", EventKind::git_pull_failed, [this] { fetch_lost_objects(); });
            const bool pulled = background("pull", EventKind::git_pull_failed, [this] {
                PullResult result;
                fetch_and_integrate(result);
            });
            through = whole && pulled;
        }
        bool running = false;
        {
            const std::lock_guard lock(mutex_);
            first_fetch_waits_ = false;  // Unreachable or not: local work goes on.
            running = running_;
        }
        if (running) {
            commits_.touch();
            interval_timer_.arm(options_.sync_interval);
        }
        if (running && options_.auto_push && !options_.remote.empty()) {
            through = push_in_background() && through;
        }
        if (through) {  // Else what failed has been told, and that nothing is completed.
            Event event;
            event.kind = EventKind::sync_completed;
            store_.hub()->publish(std::move(event));
        }
    });
}

void GitBody::post_push() {
    {
        const std::lock_guard lock(mutex_);
        if (push_posted_ || closed_) {
            return;
        }
        push_posted_ = true;
    }
    network_lane_.post([this] {
        {
            const std::lock_guard lock(mutex_);
            push_posted_ = false;
        }
        push_in_background();
    });
}

/// Network lane. One that fails is tried again; true when it did not.
bool GitBody::push_in_background() {
    const bool through = background("push", EventKind::git_push_failed, [&] {
        if (needs_push()) {
            push();
        }
    });
    const std::lock_guard lock(mutex_);
    if (through) {
        retry_.succeeded();
    } else if (!closed_ && !stopped_) {
        push_timer_.arm_no_later(std::chrono::milliseconds(retry_.failed()));
    }
    return through;
}

}  // namespace fluentsync::sync
