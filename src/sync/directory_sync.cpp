#include "fluentsync/directory_sync.hpp"

#include "fluentsync/event_loop.hpp"
#include "sync/directory_body.hpp"

namespace fluentsync {

namespace {

bool is_directory_event(const Event& event) {
    switch (event.kind) {
        case EventKind::git_committed:
        case EventKind::git_fetched:
        case EventKind::git_pulled:
        case EventKind::git_pushed:
        case EventKind::git_push_failed:
        case EventKind::git_pull_failed:
        case EventKind::git_standing_back:
            return false;
        default:
            return true;
    }
}

}  // namespace

DirectorySync::DirectorySync(EventLoop& loop, EntityStore& store, const DirectoryOptions& options)
    : body_(std::make_unique<sync::DirectoryBody>(loop.body(), store, options)) {}

DirectorySync::~DirectorySync() = default;

void DirectorySync::start() {
    body_->start();
}

void DirectorySync::stop() {
    body_->stop();
}

void DirectorySync::flush() {
    body_->flush();
}

std::int64_t DirectorySync::export_all() {
    return body_->export_all();
}

std::int64_t DirectorySync::import_all() {
    return body_->import_all();
}

std::int64_t DirectorySync::confirm_deletions() {
    return body_->confirm_deletions();
}

DirectoryStatus DirectorySync::status() const {
    return body_->status();
}

Subscription DirectorySync::subscribe(Observer& observer) {
    return body_->context().store.hub()->subscribe(observer, is_directory_event);
}

void DirectorySync::close() {
    body_->close();
}

}  // namespace fluentsync
