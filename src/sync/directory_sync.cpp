#include "fluentsync/directory_sync.hpp"

#include "base/event_scope.hpp"
#include "fluentsync/event_loop.hpp"
#include "sync/directory_body.hpp"

namespace fluentsync {

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
    return body_->context().store.hub()->subscribe(
        observer, [](const Event& event) { return base::told_by_directory(event.kind); });
}

void DirectorySync::close() {
    body_->check_may_close();
    body_->close();
}

}  // namespace fluentsync
