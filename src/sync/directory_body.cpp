#include "sync/directory_body.hpp"

#include "base/from_here.hpp"
#include "store/content_limit.hpp"
#include "sync/folder_identity.hpp"
#include "sync/leftovers.hpp"
#include "sync/options_check.hpp"

namespace fluentsync::sync {

namespace {

DirectoryOptions effective(DirectoryOptions options) {
    check_options(options);
    options.sync_path = base::from_here(options.sync_path);
    if (options.watch_enabled) {
        options.auto_sync = *options.watch_enabled;
    }
    return options;
}

std::chrono::milliseconds most_delay(const DirectoryOptions& options) {
    return options.max_sync_delay.value_or(10 * options.sync_debounce);
}

}  // namespace

DirectoryBody::DirectoryBody(std::shared_ptr<runtime::LoopBody> loop, EntityStore& store,
                             const DirectoryOptions& options)
    : loop_(std::move(loop)),
      loop_use_(loop_),
      entities_(store),
      store_(store.body()),
      context_(store.body(), effective(options)),
      retry_(base::tuning::kRetryFirst.count(), base::tuning::kRetryMost.count()),
      pending_(base::tuning::kPendingPaths),
      lane_("fs-local"),
      batch_(loop_, store_.clock(), context_.options.sync_debounce, most_delay(context_.options),
             [this] { post_round(); }),
      again_timer_(loop_, [this] { post_round(); }),
      rescan_timer_(loop_, [this] {
          {
              const std::lock_guard lock(mutex_);
              pending_.look_at_everything();
          }
          post_round();
      }) {
    tell_content_limit();
    store_.hub()->attach(loop_);
    context_.root_verified = [this] { return claim_ && claim_->verified(); };
}

/// So that no put is acknowledged that could never be a file.
void DirectoryBody::tell_content_limit() {
    if (store_.database().read_only()) {
        return;
    }
    const store::ContentLimit limit{context_.options.max_import_file_bytes, context_.options.entity_types};
    bool known = false;
    store_.read([&](store::Connection& connection) { known = store::has_content_limit(connection, limit); });
    if (!known) {
        store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::set_content_limit(writer.connection(), limit);
        });
    }
}

DirectoryBody::~DirectoryBody() {
    close();
}

void DirectoryBody::start() {
    store_.database().check_may_wait();
    lane_.run([this] {
        if (context_.options.watch_enabled) {
            Event event;
            event.kind = EventKind::warning;
            event.message = "directory.watch_enabled is deprecated: use directory.auto_sync";
            context_.publish(std::move(event));
        }
        claim();
        const std::lock_guard lock(mutex_);
        running_ = context_.options.auto_sync;
        stopped_ = false;
        settling_in_ = context_.options.initial_sync;
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
    batch_.start();
    store_.set_change_listener([this] { batch_.touch(); });
    bool too_late = false;
    {
        const std::lock_guard lock(mutex_);
        listening_ = true;
        too_late = closed_;
    }
    if (too_late) {  // close() has looked for the listener before it was there.
        stop();
        throw Error(ErrorCode::closed, "the directory was closed while it started");
    }
    lane_.post([this] { watch_or_rescan(); });
    post_round();
}

void DirectoryBody::stop() {
    bool listening = false;
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
        stopped_ = true;
        listening = std::exchange(listening_, false);
    }
    if (listening) {  // Else it may be that of another, which owns the folder.
        store_.set_change_listener({});
    }
    batch_.stop();
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
    const store::NoWaiting hurry(store_.database());
    between_looks_.end();
    stop();
    context_.stopping = true;
    lane_.stop();
    claim_.reset();
    context_.folder.reset();
    loop_use_.end();
}

void DirectoryBody::claim() {
    if (claim_) {
        return;
    }
    if (context_.stopping) {
        throw Error(ErrorCode::closed, "the directory is closed");
    }
    store_.database().check_may_write();
    FolderClaim taken = claim_folder(context_);
    context_.folder = std::move(taken.folder);
    claim_ = std::move(taken.claim);
    verified_ = true;
    erase_unfit_rows(context_);
    load_holds(context_);
    clean_leftovers(context_);
}

}  // namespace fluentsync::sync
