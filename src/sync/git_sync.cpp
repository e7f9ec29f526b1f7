#include "fluentsync/git_sync.hpp"

#include "fluentsync/directory_sync.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "sync/git_body.hpp"

namespace fluentsync {

namespace {

bool is_git_event(const Event& event) {
    switch (event.kind) {
        case EventKind::git_committed:
        case EventKind::git_fetched:
        case EventKind::git_pulled:
        case EventKind::git_pushed:
        case EventKind::git_push_failed:
        case EventKind::git_pull_failed:
        case EventKind::git_standing_back:
        case EventKind::sync_completed:
        case EventKind::conflict_detected:
        case EventKind::progress:
        case EventKind::warning:
        case EventKind::error:
        case EventKind::events_dropped:
            return true;
        default:
            return false;
    }
}

}  // namespace

GitSync::GitSync(EventLoop& loop, EntityStore& store, DirectorySync& directory, const GitOptions& options)
    : body_(std::make_unique<sync::GitBody>(loop.body(), store.body(), directory.body(), options)) {}

GitSync::~GitSync() = default;

void GitSync::start() {
    body_->start();
}

void GitSync::stop() {
    body_->stop();
}

CommitResult GitSync::commit(const std::string& message) {
    return body_->commit(message);
}

PullResult GitSync::pull() {
    return body_->pull();
}

PushResult GitSync::push() {
    return body_->push();
}

void GitSync::sync() {
    body_->sync();
}

GitStatus GitSync::status() const {
    return body_->status();
}

Subscription GitSync::subscribe(Observer& observer) {
    return body_->hub()->subscribe(observer, is_git_event);
}

void GitSync::close() {
    body_->close();
}

}  // namespace fluentsync
