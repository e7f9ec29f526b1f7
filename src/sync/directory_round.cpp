// One round of work on the local lane.
#include "sync/directory_body.hpp"

#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/export_log.hpp"
#include "sync/folder_identity.hpp"
#include "sync/rescan.hpp"

namespace fluentsync::sync {

namespace {

/// Where a .gitignore among the paths may have let go of files that nobody has looked at until now.
std::vector<std::string> folders_of_rules(const std::vector<std::string>& paths) {
    constexpr std::string_view kRules = ".gitignore";
    std::vector<std::string> folders;
    for (const std::string& path : paths) {
        const std::size_t slash = path.rfind('/');
        if (path.compare(slash == std::string::npos ? 0 : slash + 1, std::string::npos, kRules) == 0) {
            folders.push_back(slash == std::string::npos ? std::string() : path.substr(0, slash));
        }
    }
    return folders;
}

}  // namespace

void DirectoryBody::run_posted() {
    {
        const std::lock_guard lock(mutex_);
        round_posted_ = false;
        if (stopped_) {
            return;
        }
    }
    try {
        if (const auto pause = context_.persons_git.at_work(); pause.count() > 0) {
            look_again({}, pause);  // Watched or not: whoever posted this waits for it.
        } else if (claim_ || root_lost_) {
            run_round();
        }
    } catch (const std::exception& error) {
        Event event;
        event.kind = EventKind::error;
        event.message = error.what();
        if (const auto* ours = dynamic_cast<const Error*>(&error)) {
            event.code = ours->code();
            event.path = ours->path();
        }
        {
            const std::lock_guard lock(mutex_);
            last_error_ = error.what();
        }
        context_.publish(std::move(event));
        arm_again(std::chrono::milliseconds(retry_.failed()));
    }
}

SettleReport DirectoryBody::run_round(const std::function<void(Settler&)>& extra) {
    if (!check_root()) {
        return {};
    }
    try {
        SettleReport report = carry_out_round(extra);
        if (context_.giving_way) {
            const std::lock_guard lock(mutex_);
            pending_.look_at_everything();
        }
        return report;
    } catch (...) {
        const std::lock_guard lock(mutex_);
        pending_.look_at_everything();  // What this round had taken is not known to be done.
        throw;
    }
}

SettleReport DirectoryBody::carry_out_round(const std::function<void(Settler&)>& extra) {
    context_.follow_head();
    Settler settler(context_);
    take_pending(settler);
    if (extra) {
        extra(settler);
    }
    export_pending(context_, settler);
    ++export_runs_;
    // A path that moved under the first look is looked at once more at once; then it has to wait its turn.
    std::vector<std::string> again = std::move(settler.report().again);
    settler.report().again.clear();
    settler.settle(std::move(again));
    settler.finish();
    after_round(settler.report());
    return std::move(settler.report());
}

void DirectoryBody::take_pending(Settler& settler) {
    plan::PendingPaths::Batch batch;
    std::shared_ptr<files::Watcher> watcher;
    {
        const std::lock_guard lock(mutex_);
        batch = pending_.take();
        watcher = watcher_;
    }
    std::vector<std::string> paths = std::move(batch.files);
    const auto add = [&](std::vector<std::string>&& more) {
        paths.insert(paths.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    };
    const auto watch_first = [&](const std::string& folder) {
        if (watcher && !watcher->watch_folder(folder)) {
            short_of_watches(*watcher);
        }
    };
    const auto known_below = [&](const std::string& folder) {
        context_.store.read(
            [&](store::Connection& connection) { add(store::paths_below(connection, folder)); });
    };
    for (const std::string& folder : folders_of_rules(paths)) {
        add(files_below(context_, folder, watch_first));
    }
    for (const std::string& folder : batch.folders_added) {
        add(files_below(context_, folder, watch_first));
        known_below(folder);  // One of ours may have gone before the folder that we made for it was watched.
    }
    for (const std::string& folder : batch.folders_gone) {
        add(held_below(context_, folder));
        known_below(folder);
    }
    if (batch.everything) {
        add(changed_since_ledger(context_, watch_first));
    }
    add(context_.missing.waiting());
    add({context_.told_held_deletions.begin(), context_.told_held_deletions.end()});
    settler.settle(std::move(paths), "import");
}

void DirectoryBody::after_round(const SettleReport& report) {
    const std::int64_t now = store_.clock().steady_ms();
    if (report.failed.empty() || report.exported + report.removed > 0) {
        export_progress_ = now;
    }
    import_progress_ = now;
    waiting_ = static_cast<std::int64_t>(context_.missing.waiting().size() + report.again.size());
    tell_round(report);
    {
        const std::lock_guard lock(mutex_);
        last_error_ = report.last_error;
        if (!report.again.empty() || !report.failed.empty()) {
            std::vector<std::string> paths = report.again;
            paths.insert(paths.end(), report.failed.begin(), report.failed.end());
            pending_.add_files(std::move(paths));
        }
    }
    if (!report.failed.empty()) {
        arm_again(std::chrono::milliseconds(retry_.failed()));
    } else {
        retry_.succeeded();
    }
    if (!report.again.empty()) {
        arm_again(base::tuning::kUnstableRetry);
    } else if (missing_wait(context_)) {
        arm_again(base::tuning::kMissingRecheck);
    } else if (context_.mounts.any() && context_.options.auto_sync) {
        arm_again(context_.options.watch_interval);  // No event tells of what is mounted.
    }
    arm_rescan();
    if (report.again.empty() && report.failed.empty() && !missing_wait(context_) && !context_.cut_short()) {
        const std::lock_guard lock(mutex_);
        settling_in_ = false;
    }
    if (report.anything()) {
        last_sync_ = store_.clock().wall_ms();
        store_.write(Origin::file, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::set_value(writer.connection(), kLastSync, std::to_string(last_sync_));
        });
        if (agreed_) {
            agreed_();
        }
    }
    if (first_round_) {
        first_round_ = false;
        if (ready_) {
            ready_();
        }
    }
}

void DirectoryBody::tell_round(const SettleReport& report) const {
    if (report.exported + report.removed > 0) {
        Event event;
        event.kind = EventKind::export_completed;
        event.count = report.exported + report.removed;
        context_.publish(std::move(event));
    }
    if (report.imported + report.deleted > 0) {
        Event event;
        event.kind = EventKind::import_completed;
        event.count = report.imported + report.deleted;
        context_.publish(std::move(event));
    }
}

void DirectoryBody::go_on() {
    context_.giving_way = false;
    bool left = false;
    {
        const std::lock_guard lock(mutex_);
        left = !pending_.empty() && !stopped_ && (running_ || settling_in_);
    }
    if (left) {
        post_round();
    }
}

bool DirectoryBody::proven_current() const {
    {
        const std::lock_guard lock(mutex_);
        if (!pending_.empty()) {
            return false;
        }
    }
    return watching_ && waiting_ == 0 && count_pending_exports(context_, context_.held_deletions) == 0;
}

}  // namespace fluentsync::sync
