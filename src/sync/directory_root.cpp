// Whether the folder is still there, and the watch upon it.
#include "sync/directory_body.hpp"

#include <fmt/format.h>
#include "sync/folder_identity.hpp"
#include "sync/rescan.hpp"

namespace fluentsync::sync {

bool DirectoryBody::check_root() {
    if (!find_root()) {
        return false;
    }
    if (context_.mounts.look(context_)) {
        const std::lock_guard lock(mutex_);
        pending_.look_at_everything();
    }
    return true;
}

bool DirectoryBody::find_root() {
    const bool verified = claim_ && claim_->verified();
    if (verified && !root_lost_) {
        return true;
    }
    if (!root_lost_) {
        root_is_lost();
    }
    // What is back may be the very folder, or a copy that carries the marker.
    if (!verified && !reclaim_folder(context_, claim_)) {
        const std::lock_guard lock(mutex_);
        pending_.look_at_everything();
        if (running_) {
            rescan_timer_.arm(context_.options.watch_interval);
        }
        return false;
    }
    root_is_found();
    return true;
}

void DirectoryBody::require_root() {
    if (!check_root()) {
        throw Error(ErrorCode::root_unverified, fmt::format("{}: not the folder it was; mount or restore it",
                                                            context_.options.sync_path));
    }
}

void DirectoryBody::root_is_lost() {
    root_lost_ = true;
    verified_ = false;
    context_.missing.clear_all();
    Event event;
    event.kind = EventKind::root_lost;
    event.code = ErrorCode::root_unverified;
    event.path = context_.options.sync_path;
    event.message =
        fmt::format("the folder {} is gone, emptied or another one: everything waits until it is back",
                    context_.options.sync_path);
    {
        const std::lock_guard lock(mutex_);
        last_error_ = event.message;
    }
    context_.publish(std::move(event));
}

void DirectoryBody::root_is_found() {
    root_lost_ = false;
    verified_ = true;
    Event event;
    event.kind = EventKind::root_found;
    event.path = context_.options.sync_path;
    context_.publish(std::move(event));
    {
        const std::lock_guard lock(mutex_);
        pending_.look_at_everything();
    }
    bool watched = false;
    {
        const std::lock_guard lock(mutex_);
        watched = watcher_ != nullptr;
    }
    if (watched) {
        watch(true);
    }
    if (agreed_) {
        agreed_();  // What was not committed meanwhile.
    }
}

/// With `walk_follows` the next look at everything sets the watches on its way, so that one walk does both.
void DirectoryBody::watch(bool walk_follows) {
    auto watcher = std::make_shared<files::Watcher>(loop_, context_.folder, watch_sink());
    bool running = false;
    std::shared_ptr<files::Watcher> old;
    {
        const std::lock_guard lock(mutex_);
        running = running_;
        if (running) {
            old = std::exchange(watcher_, watcher);
            if (walk_follows) {  // Said again: a round in between may have looked without this watcher.
                pending_.look_at_everything();
            }
        }
    }
    if (!running) {
        return;
    }
    old.reset();
    watching_ = true;
    const bool enough =
        walk_follows ? watcher->watch_folder("") : watcher->watch_tree("", [&](const std::string& name) {
            const bool enters = enters_folder(*context_.folder, name);
            if (!enters) {  // The walk's own end is watched as well: a repository in it may go.
                watcher->watch_folder(name);
            }
            return enters;
        });
    if (!enough) {
        short_of_watches(*watcher);
    } else if (runtime::may_change_unseen(context_.options.sync_path)) {
        rescans_stand_in("a network file system does not tell what other machines write");
    }
}

/// As a task of the lane. Without a watch (no descriptor left) rescans stand in.
void DirectoryBody::watch_or_rescan() {
    try {
        watch(context_.options.initial_sync);
    } catch (const std::exception& error) {
        rescans_stand_in(error.what());
    }
    arm_rescan();
}

void DirectoryBody::rescans_stand_in(const std::string& why) {
    watching_ = false;
    Event event;
    event.kind = EventKind::watch_degraded;
    event.message = why;
    context_.publish(std::move(event));
}

/// Rescans stand in from now on.
void DirectoryBody::short_of_watches(const files::Watcher& watcher) {
    if (!watching_.exchange(false)) {
        return;
    }
    Event event;
    event.kind = EventKind::watch_degraded;
    event.message = watcher.last_problem();
    context_.publish(std::move(event));
    const std::lock_guard lock(mutex_);
    if (running_) {
        rescan_timer_.arm(context_.options.watch_interval);  // It may stand at the slow safety rescan.
    }
}

void DirectoryBody::arm_rescan() {
    const std::lock_guard lock(mutex_);
    if (running_) {
        rescan_timer_.arm_no_later(watching_ ? std::chrono::milliseconds(base::tuning::kSafetyRescan)
                                             : context_.options.watch_interval);
    }
}

}  // namespace fluentsync::sync
