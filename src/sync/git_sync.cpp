#include "fluentsync/git_sync.hpp"

#include "base/event_scope.hpp"
#include "fluentsync/directory_sync.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "sync/git_body.hpp"

namespace fluentsync {

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
    body_->check_outside_callback();
    return body_->pull();
}

PushResult GitSync::push() {
    body_->check_outside_callback();
    return body_->push();
}

void GitSync::sync() {
    body_->check_outside_callback();
    body_->sync();
}

GitStatus GitSync::status() const {
    return body_->status();
}

Subscription GitSync::subscribe(Observer& observer) {
    return body_->hub()->subscribe(observer,
                                   [](const Event& event) { return base::told_by_git(event.kind); });
}

void GitSync::close() {
    body_->check_may_close();
    body_->close();
}

}  // namespace fluentsync
