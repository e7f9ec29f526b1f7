#include "sync/git_body.hpp"

#include <filesystem>
#include <system_error>

#include "base/from_here.hpp"
#include "base/redact.hpp"
#include "git/index.hpp"
#include "git/leftovers.hpp"
#include "git/remote_url.hpp"
#include "store/records.hpp"
#include "sync/ignore_source.hpp"
#include "sync/integrate.hpp"
#include "sync/options_check.hpp"
#include "sync/restore.hpp"
#include "sync/tracked_state.hpp"
#include "sync/unreadable.hpp"

namespace fluentsync::sync {

namespace {

/// A relative path that leads to something here; else it may be a short name that a rule of git's rewrites.
bool is_relative_path(const std::string& remote) {
    std::error_code unknown;
    return git::local_path(remote) && remote.front() != '/' && std::filesystem::exists(remote, unknown);
}

GitOptions checked(GitOptions options) {
    check_options(options);
    if (is_relative_path(options.remote)) {
        options.remote = base::from_here(options.remote);
    }
    return options;
}

}  // namespace

GitBody::GitBody(std::shared_ptr<runtime::LoopBody> loop, store::StoreBody& store, DirectoryBody& directory,
                 const GitOptions& options)
    : loop_(std::move(loop)),
      loop_use_(loop_),
      store_(store),
      directory_(directory),
      options_(checked(options)),
      retry_(base::tuning::kRetryFirst.count(), base::tuning::kRetryMost.count()),
      behind_retry_(base::tuning::kRetryFirst.count(), base::tuning::kRetryMost.count()),
      network_lane_("fs-network"),
      commits_(loop_, store_.clock(), options_.commit_debounce, 10 * options_.commit_debounce,
               [this] { post_commit(); }),
      interval_timer_(loop_, [this] { post_cycle(); }),
      push_timer_(loop_, [this] { post_push(); }),
      behind_timer_(loop_, [this] { post_behind(); }),
      foreign_(store_),
      index_(loop_, store_, foreign_, directory_.context().options.sync_path,
             [this](const std::function<void()>& work) { background("index", EventKind::error, work); }) {
    directory_.lane().run([this] {
        directory_.context().track_plain_files = true;
        directory_.set_agreed_listener([this] { commits_.touch(); });
    });
}

GitBody::~GitBody() {
    close();
}

void GitBody::require_open() {
    const std::lock_guard lock(mutex_);
    if (closed_) {
        throw Error(ErrorCode::closed, "the git side is closed");
    }
}

void GitBody::on_lane(const std::function<void()>& work) {
    store_.database().check_may_wait();
    require_open();
    directory_.lane().run([&] {
        require_open();  // close() may have left the lane already, and would not come again.
        as_one_piece(work);
    });
}

/// Lane, and not within another piece. What libgit2 could not read once, it takes for missing as long as the
/// repository is open, and what it has read once for there; so after a failure, and when packs have come or
/// gone, it is opened anew. What cannot be read is looked for: it may be mended, or the remote have it.
void GitBody::as_one_piece(const std::function<void()>& work) {
    open_anew_if_stale();
    try {
        work();
        return;
    } catch (const StandsBack&) {
        throw;
    } catch (const Error& error) {
        local_failed_ = true;
        const bool one_content = dynamic_cast<const UnreadableContent*>(&error) != nullptr;
        if (!may_be_damage(error) || !(mend(RemoteAsked::no) || (one_content && !lost_objects_wanted_))) {
            throw;
        }
    }
    open_anew_if_stale();
    local_failed_ = true;  // Until it is through.
    const GoesWithout the_rest_goes_on(directory_.context());
    work();
    local_failed_ = false;
}

void GitBody::open_anew_if_stale() {
    if (!local_ || (!local_failed_ && local_->repository.is_current())) {
        return;
    }
    try {
        local_->repository.open_again();
        local_failed_ = false;
    } catch (const Error&) {  // What needs it says why it cannot be.
    }
}

/// Network lane. The same for its own view of the repository.
void GitBody::with_network(const std::string& folder, const std::function<void(git::Repository&)>& work) {
    if (!network_ || !network_->is_current()) {
        network_ = std::make_unique<git::Repository>(git::Repository::open(folder));
    }
    try {
        work(*network_);
        return;
    } catch (const Error& error) {
        network_.reset();
        bool mended = false;
        if (may_be_damage(error)) {
            directory_.lane().run([&] { mended = mend(RemoteAsked::no); });
        }
        if (!mended) {
            throw;
        }
    } catch (...) {
        network_.reset();
        throw;
    }
    network_ = std::make_unique<git::Repository>(git::Repository::open(folder));
    work(*network_);
}

void GitBody::open() {
    on_lane([this] { local(); });
}

/// Lane. The repository is known by its path: where another folder stands now, it is somebody else's.
GitContext& GitBody::local() {
    if (!local_) {
        directory_.claim();
        open_repository();
    } else {
        directory_.require_root();
    }
    return *local_;
}

/// Lane. For people's own git commands. The remote of another name here, or one that a person set, stays
/// theirs.
void GitBody::configure_remote(git::Repository& repository) {
    const std::string url = base::split_url(options_.remote).url;
    std::string earlier;
    store_.read([&](store::Connection& connection) {
        earlier = store::get_value(connection, kConfiguredRemote).value_or("");
    });
    if (repository.ensure_remote(kRemoteName, url, earlier)) {
        remember(kConfiguredRemote, url);
    }
    const git::Head head = repository.head();
    if (!head.detached && repository.remote_url(kRemoteName) == url) {
        repository.ensure_upstream(head.branch, kRemoteName);
    }
}

void GitBody::tell_unsigned(const git::Repository& repository) {
    if (!repository.wants_signatures()) {
        return;
    }
    Event event;
    event.kind = EventKind::warning;
    event.message =
        "commit.gpgSign is set, and commits of FluentSync are not signed: unset it in this folder "
        "(git config commit.gpgSign false), or sign what is pushed by hand";
    directory_.context().publish(std::move(event));
}

void GitBody::open_repository() {
    const std::string folder = directory_.context().folder->absolute_path();
    mend_at_open();
    SyncContext& context = directory_.context();
    GitContext opened{
        context, options_, marks_,
        git::Repository::exists(folder)
            ? git::Repository::open(folder)
            : git::Repository::init(folder, options_.branch.empty() ? "main" : options_.branch)};
    require_no_tracked_state(opened);
    git::Repository& repository = opened.repository;
    git::remove_leftovers(repository.raw());
    const git::Head head = repository.head();
    if (!head.commit) {
        git::remove_trials(folder);
    }
    if (!head.commit && !options_.branch.empty() && head.branch != options_.branch) {
        repository.set_unborn_branch(options_.branch);
    }
    if (!options_.remote.empty()) {
        configure_remote(repository);
    }
    tell_unsigned(repository);
    repository.stop_when([&context] { return context.cut_short(); });
    local_.emplace(std::move(opened));
    tell_directory();
    store_.read([&](store::Connection& connection) {
        head_was_unknown_ = head.commit && !store::get_value(connection, "head");
    });
    if (head_was_unknown_ && git::has_index(local_->repository)) {
        // A repository met for the first time: its index stands where HEAD is, but for what somebody staged.
        const std::string tree = local_->repository.commit_info(*head.commit).tree.hex();
        store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::set_value(writer.connection(), kIndexTree, tree);
        });
    }
    recall_network();
    note_raised_limit(*local_);
    first_fetch_waits_ = !head.commit && !options_.remote.empty();
    unborn_ = !head.commit;
    try {
        resume_integration(*local_);
    } catch (...) {
        local_.reset();  // The next call tries again, before anything is committed.
        throw;
    }
    opened_ = true;
}

void GitBody::start() {
    if (!opened_) {  // Else the lane may be busy with the folder's first look, which nobody waits for.
        open();
    }
    const bool remote = !options_.remote.empty();
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            throw Error(ErrorCode::closed, "the git side is closed");
        }
        running_ = options_.auto_sync;
        stopped_ = false;
    }
    if (options_.auto_sync) {
        commits_.start();
    }
    if (remote && (options_.auto_sync || unborn_)) {
        post_cycle();
    } else {
        commits_.touch();  // What was left uncommitted goes with the first batch, not before it.
        if (remote && options_.auto_push) {
            post_push();  // What an earlier process could not push.
        }
    }
    index_.head_moved();  // The last process may have ended before the index was there.
    if (options_.auto_sync) {
        interval_timer_.arm(options_.sync_interval);
    }
}

void GitBody::stop() {
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
        stopped_ = true;
    }
    commits_.stop();
    interval_timer_.cancel();
    push_timer_.cancel();
    behind_timer_.cancel();
    {
        const std::lock_guard lock(mutex_);
        behind_waits_ = false;
    }
    index_.stop();
}

void GitBody::check_outside_callback() const {
    if (network_lane_.on_lane_thread()) {
        throw Error(ErrorCode::misuse,
                    "not possible in the callback for credentials, whose answer git waits for");
    }
}

void GitBody::check_may_close() const {
    store_.database().check_may_close();
    check_outside_callback();
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
    directory_.context().giving_way = true;  // The lane may be in the middle of a long round.
    const store::NoWaiting hurry(store_.database());
    stop();
    network_lane_.stop();
    try {
        directory_.lane().run([this] {
            untell_directory();
            local_.reset();
            directory_.go_on();
        });
    } catch (const Error&) {
        local_.reset();  // The directory closed first; its lane runs no more.
    }
    index_.close();  // The lane's last task may have been a commit.
    stop();          // The lane's last task may have armed a timer.
    loop_use_.end();
}

}  // namespace fluentsync::sync
