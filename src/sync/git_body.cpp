#include "sync/git_body.hpp"

#include <fmt/format.h>

#include "base/redact.hpp"
#include "git/index.hpp"
#include "git/object_writer.hpp"
#include "store/change_log.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/commit_hop.hpp"
#include "sync/folder_identity.hpp"
#include "sync/integrate.hpp"
#include "sync/options_check.hpp"

namespace fluentsync::sync {

namespace {

GitOptions checked(GitOptions options) {
    check_options(options);
    return options;
}

Error no_remote() {
    return {ErrorCode::invalid_options, "no remote: set the git option remote"};
}

}  // namespace

GitBody::GitBody(std::shared_ptr<runtime::LoopBody> loop, store::StoreBody& store, DirectoryBody& directory,
                 const GitOptions& options)
    : loop_(std::move(loop)),
      store_(store),
      directory_(directory),
      options_(checked(options)),
      debounce_(options_.commit_debounce.count(), 10 * options_.commit_debounce.count()),
      retry_(base::tuning::kRetryFirst.count(), base::tuning::kRetryMost.count()),
      network_lane_("fs-network"),
      commit_timer_(loop_, [this] { commit_due(); }),
      interval_timer_(loop_, [this] { post_cycle(); }),
      push_timer_(loop_, [this] { post_push(); }),
      index_timer_(loop_, [this] { post_index(); }) {
    directory_.lane().run([this] {
        directory_.context().track_plain_files = true;
        directory_.set_agreed_listener([this] { agreed(); });
    });
}

GitBody::~GitBody() {
    close();
}

// ---- Opening and closing
// -------------------------------------------------------------------------------------

void GitBody::on_lane(const std::function<void()>& work) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            throw Error(ErrorCode::closed, "the git side is closed");
        }
    }
    directory_.lane().run(work);
}

void GitBody::open() {
    on_lane([this] { local(); });
}

/// Lane.
GitContext& GitBody::local() {
    if (!local_) {
        directory_.claim();
        open_repository();
    }
    return *local_;
}

void GitBody::open_repository() {
    const std::string folder = directory_.context().folder->absolute_path();
    git::Repository repository =
        git::Repository::exists(folder)
            ? git::Repository::open(folder)
            : git::Repository::init(folder, options_.branch.empty() ? "main" : options_.branch);
    const git::Head head = repository.head();
    if (!head.commit && !options_.branch.empty() && head.branch != options_.branch) {
        repository.set_unborn_branch(options_.branch);
    }
    if (!options_.remote.empty()) {
        repository.ensure_remote(kRemoteName, base::split_url(options_.remote).url);
    }
    SyncContext& context = directory_.context();
    local_.emplace(GitContext{context, options_, std::move(repository)});
    context.ignored = [this](const std::string& path) { return local_->repository.is_ignored(path); };
    context.blob_of_git = [this](const base::ObjectId& id) -> std::optional<std::string> {
        if (!local_->repository.has_object(id)) {
            return std::nullopt;
        }
        return local_->repository.blob(
            id, static_cast<std::uint64_t>(local_->sync.options.max_import_file_bytes));
    };
    first_fetch_waits_ = !head.commit && !options_.remote.empty();
    resume_integration(*local_);
}

void GitBody::start() {
    bool unborn = false;
    on_lane([&] { unborn = !local().repository.head().commit; });
    const bool remote = !options_.remote.empty();
    {
        const std::lock_guard lock(mutex_);
        running_ = options_.auto_sync;
    }
    if (remote && (options_.auto_sync || unborn)) {
        post_cycle();
    } else if (options_.auto_sync) {
        post_commit();
    }
    if (options_.auto_sync) {
        interval_timer_.arm(options_.sync_interval);
    }
}

void GitBody::stop() {
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
    }
    commit_timer_.cancel();
    interval_timer_.cancel();
    push_timer_.cancel();
    index_timer_.cancel();
}

void GitBody::close() {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            return;
        }
        closed_ = true;
    }
    cancellation_.cancel();
    stop();
    network_lane_.stop();
    try {
        directory_.lane().run([this] {
            directory_.set_agreed_listener({});
            directory_.context().ignored = [](const std::string&) { return false; };
            directory_.context().blob_of_git = [](const base::ObjectId&) {
                return std::optional<std::string>();
            };
            local_.reset();
        });
    } catch (const Error&) {
        local_.reset();  // The directory closed first; its lane runs no more.
    }
}

// ---- Commit
// --------------------------------------------------------------------------------------------------

/// Lane: the ledger's agreed contents moved.
void GitBody::agreed() {
    const std::int64_t now = store_.clock().steady_ms();
    std::int64_t wait = 0;
    {
        const std::lock_guard lock(mutex_);
        if (!running_) {
            return;
        }
        const std::int64_t due = debounce_.touch(now);
        if (debounce_armed_) {
            return;
        }
        wait = due - now;
        debounce_armed_ = wait > 0;
    }
    if (wait > 0) {
        commit_timer_.arm(std::chrono::milliseconds(wait));
    } else {
        commit_due();
    }
}

void GitBody::commit_due() {
    {
        const std::lock_guard lock(mutex_);
        debounce_armed_ = false;
        if (!running_) {
            return;
        }
        const std::int64_t now = store_.clock().steady_ms();
        if (const auto due = debounce_.due(); due && !debounce_.is_due(now)) {
            debounce_armed_ = true;
            commit_timer_.arm(std::chrono::milliseconds(*due - now));
            return;
        }
        debounce_.take();
    }
    post_commit();
}

void GitBody::post_commit() {
    {
        const std::lock_guard lock(mutex_);
        if (commit_posted_ || closed_) {
            return;
        }
        commit_posted_ = true;
    }
    directory_.lane().post([this] { background_commit(); });
}

void GitBody::background_commit() {
    {
        const std::lock_guard lock(mutex_);
        commit_posted_ = false;
        if (closed_ || first_fetch_waits_) {
            return;
        }
    }
    background("commit", EventKind::error, [this] { commit_on_lane({}); });
}

/// Lane. skip_export_check: the export is left out only when the ledger proves that the files are current.
void GitBody::export_if_needed() {
    if (!options_.skip_export_check || !directory_.proven_current()) {
        directory_.run_round();
    }
}

CommitResult GitBody::commit_on_lane(const std::string& message) {
    GitContext& git = local();
    export_if_needed();
    const CommitResult result = commit_pending(git, message);
    after_commit(result);
    return result;
}

void GitBody::after_commit(const CommitResult& result) {
    {
        const std::lock_guard lock(mutex_);
        commit_progress_ = store_.clock().steady_ms();
        standing_back_.clear();
        last_error_.clear();
    }
    if (result.commit.empty()) {
        return;
    }
    index_timer_.arm(base::tuning::kIndexDelay);
    pack_now_and_then();
    if (options_.auto_push && !options_.remote.empty()) {
        post_push();
    }
}

CommitResult GitBody::commit(const std::string& message) {
    CommitResult result;
    directory_.settle_until_quiet({});
    on_lane([&] { result = commit_on_lane(message); });
    return result;
}

/// Lane. Our own loose objects are packed once there are many.
void GitBody::pack_now_and_then() {
    std::uint64_t loose = 0;
    store_.read([&](store::Connection& connection) {
        loose = std::stoull(store::get_value(connection, "loose_objects").value_or("0"));
    });
    if (loose < base::tuning::kPackLooseAt) {
        return;
    }
    git::pack_loose_objects(local_->repository, base::tuning::kPackLooseAt, options_.durable);
    store_.write(Origin::api, store::Durability::relaxed, [](store::StoreBody::EntityWriter& writer) {
        store::set_value(writer.connection(), "loose_objects", std::nullopt);
    });
}

// ---- The index
// -----------------------------------------------------------------------------------------------

void GitBody::post_index() {
    directory_.lane().post([this] { background("index", EventKind::error, [this] { update_index(); }); });
}

/// Lane. Off the critical path, so that `git status` is clean for a person a moment after a commit.
void GitBody::update_index() {
    GitContext& git = local();
    if (!git.repository.operation_in_progress().empty()) {
        return;
    }
    const HeadTree now = follow_head(git);
    std::optional<std::string> known;
    store_.read([&](store::Connection& connection) { known = store::get_value(connection, "index_tree"); });
    if (!now.tree || known == now.tree->hex()) {
        return;
    }
    const auto before = known ? base::ObjectId::from_hex(*known) : std::nullopt;
    const auto outcome = git::bring_index(git.repository, before, now.tree, [&](const std::string& path) {
        return git.sync.folder->stat(path);
    });
    if (outcome == git::IndexOutcome::locked) {
        index_timer_.arm_if_idle(std::chrono::seconds(1));
        return;
    }
    store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
        store::set_value(writer.connection(), "index_tree", now.tree->hex());
    });
}

// ---- Pull and push
// -------------------------------------------------------------------------------------------

void GitBody::require_remote() const {
    if (options_.remote.empty()) {
        throw no_remote();
    }
}

git::RemoteAddress GitBody::address() const {
    return {options_.remote, options_.credentials, options_.network_timeout};
}

git::TransferProgress GitBody::progress(const char* what) const {
    if (!store_.hub()->has_subscribers()) {
        return {};
    }
    return [this, what, last = std::int64_t{-1}](std::int64_t done, std::int64_t total) mutable {
        const std::int64_t now = store_.clock().steady_ms();
        if (last >= 0 && now - last < 100 && done != total) {
            return;
        }
        last = now;
        Event event;
        event.kind = EventKind::progress;
        event.message = what;
        event.count = done;
        event.total = total;
        store_.hub()->publish(std::move(event));
    };
}

PullResult GitBody::pull() {
    require_remote();
    PullResult result;
    open();
    directory_.settle_until_quiet({});
    network_lane_.run([&] { fetch_and_integrate(result); });
    return result;
}

/// Network lane.
void GitBody::fetch_and_integrate(PullResult& result) {
    std::string branch;
    bool unborn = false;
    std::string folder;
    on_lane([&] {
        const git::Head head = local().repository.head();
        unborn = !head.commit;
        branch = head.branch;
        folder = local().repository.folder();
    });
    if (!network_) {
        network_ = std::make_unique<git::Repository>(git::Repository::open(folder));
    }
    const bool follow_default = unborn && options_.branch.empty();
    const git::FetchResult fetched = git::fetch(
        *network_, address(), kRemoteName, follow_default ? "" : branch, cancellation_, progress("fetch"));
    on_lane([&] {
        if (follow_default && !fetched.default_branch.empty() && fetched.default_branch != branch &&
            !local().repository.head().commit) {
            local().repository.set_unborn_branch(fetched.default_branch);
        }
        const std::lock_guard lock(mutex_);
        first_fetch_waits_ = false;
        last_error_.clear();
    });
    if (fetched.tip) {
        Event event;
        event.kind = EventKind::git_fetched;
        event.commit = fetched.tip->hex();
        store_.hub()->publish(std::move(event));
        on_lane([&] { integrate_on_lane(*fetched.tip, result); });
    }
    const std::lock_guard lock(mutex_);
    pull_progress_ = store_.clock().steady_ms();
}

void GitBody::integrate_on_lane(const base::ObjectId& tip, PullResult& result) {
    GitContext& git = local();
    directory_.run_round();
    const bool behind =
        !git.repository.head().commit || !git.repository.is_ancestor(tip, *git.repository.head().commit);
    if (options_.auto_sync && behind && git.repository.head().commit) {
        commit_on_lane({});
    }
    result = integrate(git, tip);
    index_timer_.arm(base::tuning::kIndexDelay);
    std::int64_t left = 0;
    store_.read([&](store::Connection& connection) { left = store::count_uncommitted(connection); });
    if (left > 0) {
        agreed();
    }
}

PushResult GitBody::push() {
    require_remote();
    open();
    PushResult result;
    network_lane_.run([&] {
        for (int attempt = 0; !push_once(result); ++attempt) {
            if (attempt == base::tuning::kPushAttempts) {
                throw Error(ErrorCode::push_rejected, "others keep pushing first: try again later");
            }
            PullResult pulled;
            fetch_and_integrate(pulled);
        }
    });
    return result;
}

/// Network lane. False: the remote has commits that HEAD lacks.
bool GitBody::push_once(PushResult& result) {
    git::Head head;
    std::string folder;
    std::optional<base::ObjectId> tracked;
    on_lane([&] {
        head = local().repository.head();
        folder = local().repository.folder();
        tracked = local().repository.ref(std::string("refs/remotes/") + kRemoteName + "/" + head.branch);
    });
    if (!head.commit || head.detached) {
        result.outcome = PushOutcome::up_to_date;
        return true;
    }
    if (!network_) {
        network_ = std::make_unique<git::Repository>(git::Repository::open(folder));
    }
    const git::PushReply reply = git::push(*network_, address(), kRemoteName, head.branch, *head.commit,
                                           cancellation_, progress("push"));
    const std::lock_guard lock(mutex_);
    push_progress_ = store_.clock().steady_ms();
    switch (reply.outcome) {
        case git::PushReply::Outcome::not_fast_forward:
            last_push_outcome_ = PushOutcome::rejected;
            return false;
        case git::PushReply::Outcome::refused:
            last_push_outcome_ = PushOutcome::rejected;
            throw Error(ErrorCode::push_rejected,
                        fmt::format("the remote refused {}: {}", head.branch, reply.message));
        case git::PushReply::Outcome::accepted:
            break;
    }
    const bool moved = tracked != head.commit;
    last_push_ = store_.clock().wall_ms();
    last_push_outcome_ = moved ? PushOutcome::pushed : PushOutcome::up_to_date;
    last_error_.clear();
    result = {last_push_outcome_, head.commit->hex()};
    if (moved) {
        Event event;
        event.kind = EventKind::git_pushed;
        event.commit = result.commit;
        store_.hub()->publish(std::move(event));
    }
    return true;
}

bool GitBody::needs_push() {
    bool ahead = false;
    on_lane([&] {
        const git::Head head = local().repository.head();
        ahead = head.commit && head.commit != local().repository.ref(std::string("refs/remotes/") +
                                                                     kRemoteName + "/" + head.branch);
    });
    return ahead;
}

void GitBody::sync() {
    open();
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
    on_lane([&] {
        commit_on_lane({});
        if (restore_unknown_files(local()) > 0) {
            commit_on_lane({});
        }
    });
    if (remote && needs_push()) {
        push();
    }
    on_lane([&] { update_index(); });
    Event event;
    event.kind = EventKind::sync_completed;
    store_.hub()->publish(std::move(event));
}

// ---- In the background
// ---------------------------------------------------------------------------------------

/// A failure is told and kept for status(); what is worth another try is tried again.
void GitBody::background(const char* what, EventKind failure, const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        const auto* ours = dynamic_cast<const Error*>(&error);
        const ErrorCode code = ours != nullptr ? ours->code() : ErrorCode::internal;
        if (code == ErrorCode::closed || code == ErrorCode::cancelled) {
            return;
        }
        const bool waits = code == ErrorCode::repository_busy || code == ErrorCode::repository;
        Event event;
        event.kind = waits ? EventKind::git_standing_back : failure;
        event.code = code;
        event.message = fmt::format("{}: {}", what, base::redact(error.what()));
        bool told = false;
        {
            const std::lock_guard lock(mutex_);
            told = waits && standing_back_ == event.message;
            (waits ? standing_back_ : last_error_) = event.message;
        }
        if (!told) {
            store_.hub()->publish(std::move(event));
        }
        if (ours != nullptr && ours->retryable() && failure == EventKind::error) {
            commit_timer_.arm_if_idle(std::chrono::milliseconds(retry_.failed()));
        }
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
        if (!options_.remote.empty()) {
            background("pull", EventKind::git_pull_failed, [this] {
                PullResult pulled;
                fetch_and_integrate(pulled);
            });
        }
        bool running = false;
        {
            const std::lock_guard lock(mutex_);
            first_fetch_waits_ = false;  // Unreachable or not: local work goes on.
            running = running_;
        }
        if (running) {
            background("commit", EventKind::error, [this] { on_lane([this] { commit_on_lane({}); }); });
            interval_timer_.arm(options_.sync_interval);
        }
        if (running && options_.auto_push && !options_.remote.empty()) {
            background("push", EventKind::git_push_failed, [this] {
                if (needs_push()) {
                    push();
                }
            });
        }
        Event event;
        event.kind = EventKind::sync_completed;
        store_.hub()->publish(std::move(event));
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
        bool through = false;
        background("push", EventKind::git_push_failed, [&] {
            if (needs_push()) {
                push();
            }
            through = true;
        });
        const std::lock_guard lock(mutex_);
        if (through) {
            retry_.succeeded();
        } else if (!closed_) {
            if (last_push_outcome_ != PushOutcome::rejected) {
                last_push_outcome_ = PushOutcome::failed;
            }
            push_timer_.arm_if_idle(std::chrono::milliseconds(retry_.failed()));
        }
    });
}

}  // namespace fluentsync::sync
