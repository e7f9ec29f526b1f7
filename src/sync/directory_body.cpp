#include "sync/directory_body.hpp"

#include <fmt/format.h>

#include "store/change_log.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/export_log.hpp"
#include "sync/folder_identity.hpp"
#include "sync/options_check.hpp"
#include "sync/rescan.hpp"

namespace fluentsync::sync {

namespace {

/// Rounds that flush() and its kin give to files that keep changing under it.
constexpr int kMostRounds = 60;

DirectoryOptions effective(DirectoryOptions options) {
    check_options(options);
    if (options.watch_enabled) {
        options.auto_sync = *options.watch_enabled;
    }
    return options;
}

std::int64_t most_delay(const DirectoryOptions& options) {
    return options.max_sync_delay ? options.max_sync_delay->count() : 10 * options.sync_debounce.count();
}

void add_up(SettleReport& sum, SettleReport&& one) {
    sum.exported += one.exported;
    sum.removed += one.removed;
    sum.imported += one.imported;
    sum.deleted += one.deleted;
    sum.plain += one.plain;
    sum.again = std::move(one.again);
    sum.failed = std::move(one.failed);
    sum.last_code = one.last_code;
    sum.last_error = std::move(one.last_error);
}

}  // namespace

DirectoryBody::DirectoryBody(std::shared_ptr<runtime::LoopBody> loop, EntityStore& store,
                             const DirectoryOptions& options)
    : loop_(std::move(loop)),
      entities_(store),
      store_(store.body()),
      context_(store.body(), effective(options)),
      retry_(base::tuning::kRetryFirst.count(), base::tuning::kRetryMost.count()),
      pending_(base::tuning::kPendingPaths),
      debounce_(context_.options.sync_debounce.count(), most_delay(context_.options)),
      lane_("fs-local"),
      debounce_timer_(loop_, [this] { batch_due(); }),
      again_timer_(loop_, [this] { post_round(); }),
      rescan_timer_(loop_, [this] {
          {
              const std::lock_guard lock(mutex_);
              pending_.look_at_everything();
          }
          post_round();
      }) {
    store_.hub()->attach(loop_);
    context_.root_verified = [this] { return claim_ && claim_->verified(); };
}

DirectoryBody::~DirectoryBody() {
    close();
}

void DirectoryBody::start() {
    lane_.run([this] {
        if (context_.options.watch_enabled) {
            Event event;
            event.kind = EventKind::warning;
            event.message = "watch_enabled is deprecated: use auto_sync";
            context_.publish(std::move(event));
        }
        claim();
        const std::lock_guard lock(mutex_);
        running_ = context_.options.auto_sync;
        first_round_ = true;
        if (context_.options.initial_sync) {
            pending_.look_at_everything();
        }
    });
    if (!context_.options.auto_sync) {
        if (context_.options.initial_sync) {
            post_round();
        }
        return;
    }
    store_.set_change_listener([this] { touch(); });
    lane_.post([this] { watch(); });
    post_round();
}

void DirectoryBody::stop() {
    store_.set_change_listener({});
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
    }
    debounce_timer_.cancel();
    again_timer_.cancel();
    rescan_timer_.cancel();
    std::shared_ptr<files::Watcher> watcher;
    {
        const std::lock_guard lock(mutex_);
        watcher = std::move(watcher_);
        watching_ = false;
    }
}

void DirectoryBody::close() {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            return;
        }
        closed_ = true;
    }
    wake_.notify_all();
    stop();
    context_.stopping = true;
    lane_.stop();
    claim_.reset();
    context_.folder.reset();
}

void DirectoryBody::claim() {
    if (claim_) {
        return;
    }
    if (context_.stopping) {
        throw Error(ErrorCode::closed, "the directory is closed");
    }
    FolderClaim taken = claim_folder(context_);
    context_.folder = std::move(taken.folder);
    claim_ = std::move(taken.claim);
    verified_ = true;
    load_holds(context_);
}

// ---- What happens, filed from any thread
// --------------------------------------------------------------------

files::WatchSink DirectoryBody::watch_sink() {
    files::WatchSink sink;
    sink.on_files = [this](std::vector<std::string>&& paths) {
        {
            const std::lock_guard lock(mutex_);
            pending_.add_files(std::move(paths));
        }
        touch();
    };
    sink.on_folder_added = [this](const std::string& folder) {
        {
            const std::lock_guard lock(mutex_);
            pending_.add_folder(folder);
        }
        touch();
    };
    sink.on_folder_gone = [this](const std::string& folder) {
        {
            const std::lock_guard lock(mutex_);
            pending_.folder_gone(folder);
        }
        touch();
    };
    sink.on_overflow = [this] {
        Event event;
        event.kind = EventKind::watch_overflow;
        event.message = "file events were lost: looking at the whole folder";
        context_.publish(std::move(event));
        {
            const std::lock_guard lock(mutex_);
            pending_.look_at_everything();
        }
        touch();
    };
    sink.on_root_gone = [this] {
        {
            const std::lock_guard lock(mutex_);
            pending_.look_at_everything();
        }
        touch();
    };
    return sink;
}

void DirectoryBody::touch() {
    const std::int64_t now = store_.clock().steady_ms();
    std::int64_t wait = 0;
    {
        const std::lock_guard lock(mutex_);
        if (!running_) {
            return;
        }
        const std::int64_t due = debounce_.touch(now);
        if (debounce_armed_) {
            return;  // The timer looks again when it fires, and goes on waiting if the batch has moved.
        }
        wait = due - now;
        debounce_armed_ = wait > 0;
    }
    if (wait > 0) {
        debounce_timer_.arm(std::chrono::milliseconds(wait));
    } else {
        batch_due();
    }
}

void DirectoryBody::batch_due() {
    {
        const std::lock_guard lock(mutex_);
        debounce_armed_ = false;
        if (!running_) {
            return;
        }
        const std::int64_t now = store_.clock().steady_ms();
        if (const auto due = debounce_.due(); due && !debounce_.is_due(now)) {
            debounce_armed_ = true;
            debounce_timer_.arm(std::chrono::milliseconds(*due - now));
            return;
        }
        debounce_.take();
    }
    post_round();
}

void DirectoryBody::post_round() {
    {
        const std::lock_guard lock(mutex_);
        if (round_posted_ || closed_) {
            return;
        }
        round_posted_ = true;
    }
    lane_.post([this] { run_posted(); });
}

void DirectoryBody::look_again(std::vector<std::string> paths, std::chrono::milliseconds after) {
    {
        const std::lock_guard lock(mutex_);
        pending_.add_files(std::move(paths));
    }
    again_timer_.arm_if_idle(after);
}

// ---- Work, on the lane
// ---------------------------------------------------------------------------------------

void DirectoryBody::run_posted() {
    {
        const std::lock_guard lock(mutex_);
        round_posted_ = false;
    }
    try {
        if (claim_ || root_lost_) {
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
            pending_.look_at_everything();
        }
        context_.publish(std::move(event));
        again_timer_.arm_if_idle(std::chrono::milliseconds(retry_.failed()));
    }
}

SettleReport DirectoryBody::run_round(const std::function<void(Settler&)>& extra) {
    if (!check_root()) {
        return {};
    }
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
    for (const std::string& folder : batch.folders_added) {
        if (watcher) {
            watcher->watch_tree(
                folder, [&](const std::string& name) { return enters_folder(*context_.folder, name); });
        }
        add(files_below(context_, folder));
    }
    for (const std::string& folder : batch.folders_gone) {
        context_.store.read(
            [&](store::Connection& connection) { add(store::paths_below(connection, folder)); });
    }
    if (batch.everything) {
        add(changed_since_ledger(context_));
    }
    add(context_.missing.waiting());
    if (confirmation_waits(context_)) {
        add({context_.held_deletions.begin(), context_.held_deletions.end()});
    }
    settler.settle(std::move(paths));
}

void DirectoryBody::after_round(const SettleReport& report) {
    const std::int64_t now = store_.clock().steady_ms();
    export_progress_ = now;
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
        again_timer_.arm_if_idle(std::chrono::milliseconds(retry_.failed()));
    } else {
        retry_.succeeded();
    }
    if (!report.again.empty()) {
        again_timer_.arm_if_idle(base::tuning::kUnstableRetry);
    } else if (missing_wait(context_)) {
        again_timer_.arm_if_idle(base::tuning::kMissingRecheck);
    }
    arm_rescan();
    if (report.anything()) {
        last_sync_ = store_.clock().wall_ms();
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

bool DirectoryBody::proven_current() const {
    {
        const std::lock_guard lock(mutex_);
        if (!pending_.empty()) {
            return false;
        }
    }
    return watching_ && waiting_ == 0 && count_pending_exports(context_, context_.held_deletions) == 0;
}

// ---- The root
// ------------------------------------------------------------------------------------------------

bool DirectoryBody::check_root() {
    if (claim_ && claim_->verified()) {
        return true;
    }
    if (!root_lost_) {
        root_lost_ = true;
        verified_ = false;
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
    if (!reclaim_folder(context_, claim_)) {
        const std::lock_guard lock(mutex_);
        pending_.look_at_everything();
        rescan_timer_.arm(context_.options.watch_interval);
        return false;
    }
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
    if (watching_) {
        watch();
    }
    return true;
}

void DirectoryBody::watch() {
    auto watcher = std::make_shared<files::Watcher>(loop_, context_.folder, watch_sink());
    bool running = false;
    std::shared_ptr<files::Watcher> old;
    {
        const std::lock_guard lock(mutex_);
        running = running_;
        if (running) {
            old = std::exchange(watcher_, watcher);
        }
    }
    if (!running) {
        return;
    }
    old.reset();
    watching_ = watcher->watch_tree(
        "", [&](const std::string& name) { return enters_folder(*context_.folder, name); });
    if (!watching_) {
        Event event;
        event.kind = EventKind::watch_degraded;
        event.message = watcher->last_problem();
        context_.publish(std::move(event));
    }
}

void DirectoryBody::arm_rescan() {
    const std::lock_guard lock(mutex_);
    if (running_) {
        rescan_timer_.arm_if_idle(watching_ ? std::chrono::milliseconds(base::tuning::kSafetyRescan)
                                            : context_.options.watch_interval);
    }
}

// ---- Calls that wait
// -----------------------------------------------------------------------------------------

SettleReport DirectoryBody::settle_until_quiet(const std::function<void(Settler&)>& first) {
    SettleReport sum;
    for (int round = 0; round < kMostRounds; ++round) {
        bool missing = false;
        lane_.run([&] {
            claim();
            if (!check_root()) {
                throw Error(ErrorCode::root_unverified,
                            fmt::format("{}: not the folder it was; mount or restore it",
                                        context_.options.sync_path));
            }
            std::shared_ptr<files::Watcher> watcher;
            {
                const std::lock_guard lock(mutex_);
                watcher = watcher_;
            }
            if (watcher) {
                watcher->drain();
            }
            store_.look_for_foreign_writes();
            add_up(sum, run_round(round == 0 ? first : std::function<void(Settler&)>()));
            missing = missing_wait(context_);
        });
        if (sum.again.empty() && !missing) {
            break;
        }
        std::unique_lock lock(mutex_);
        const auto pause = missing ? base::tuning::kMissingRecheck : base::tuning::kUnstableRetry;
        if (wake_.wait_for(lock, pause, [this] { return closed_; })) {
            throw Error(ErrorCode::closed, "closed while files were still being looked at");
        }
    }
    if (!sum.failed.empty()) {
        throw Error(sum.last_code, sum.last_error, sum.failed.front());
    }
    if (!sum.again.empty()) {
        throw Error(ErrorCode::io, fmt::format("{}: the file keeps changing", sum.again.front()),
                    sum.again.front());
    }
    return sum;
}

void DirectoryBody::flush() {
    settle_until_quiet({});
}

std::int64_t DirectoryBody::export_all() {
    const SettleReport sum =
        settle_until_quiet([this](Settler& settler) { export_everything(context_, settler); });
    return sum.exported + sum.removed;
}

std::int64_t DirectoryBody::import_all() {
    const SettleReport sum =
        settle_until_quiet([this](Settler& settler) { settler.settle(changed_since_ledger(context_)); });
    return sum.imported + sum.deleted;
}

std::int64_t DirectoryBody::confirm_deletions() {
    const std::int64_t count = entities_.confirm_deletions();
    post_round();
    return count;
}

DirectoryStatus DirectoryBody::status() const {
    DirectoryStatus status;
    const std::int64_t now = store_.clock().steady_ms();
    const auto age = [now](std::int64_t since) {
        return since < 0 ? std::nullopt : std::optional(now - since);
    };
    status.root_verified = verified_;
    status.watching = watching_;
    status.last_sync = last_sync_;
    status.export_progress_age = age(export_progress_);
    status.import_progress_age = age(import_progress_);
    status.held = entities_.held();
    status.pending_exports = count_pending_exports(context_, {});
    store_.read([&](store::Connection& connection) {
        const auto count = store::get_value(connection, "held_deletions");
        status.held_deletions = count ? std::stoll(*count) : 0;
    });
    const std::lock_guard lock(mutex_);
    status.auto_sync = running_;
    status.pending_imports = static_cast<std::int64_t>(pending_.size()) + waiting_;
    status.last_error = last_error_;
    return status;
}

}  // namespace fluentsync::sync
