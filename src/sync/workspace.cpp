#include "fluentsync/workspace.hpp"

#include <optional>

#include "fluentsync/directory_sync.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "fluentsync/git_sync.hpp"
#include "store/records.hpp"
#include "sync/directory_body.hpp"
#include "sync/git_body.hpp"
#include "sync/options_check.hpp"
#include "sync/verify.hpp"

namespace fluentsync {

namespace sync {

class WorkspaceBody {
  public:
    WorkspaceBody(std::unique_ptr<EventLoop> own, EventLoop* lent, const WorkspaceOptions& options)
        : own_(std::move(own)),
          loop_(lent != nullptr ? *lent : *own_),
          options_(checked(options)),
          store_(loop_, options_.store),
          directory_(loop_, store_, options_.directory) {
        if (options_.git.enabled) {
            git_.emplace(loop_, store_, directory_, options_.git);
        }
    }
    /// Its own loop ends by itself, on its own thread as well.
    ~WorkspaceBody() { close_parts(); }

    void start() {
        if (git_) {
            git_->body().open();  // First: so that the directory's first look knows what git ignores.
        }
        directory_.start();
        if (git_) {
            git_->start();
        }
    }

    void stop() {
        if (git_) {
            git_->stop();
        }
        directory_.stop();
    }

    void sync() {
        if (git_) {
            git_->body().open();
        }
        directory_.import_all();
        if (git_) {
            git_->sync();
        }
    }

    WorkspaceStatus status() const {
        WorkspaceStatus status;
        status.entities = store_.count();
        store_.body().read([&](store::Connection& connection) {
            status.open_conflicts = store::count_open_conflicts(connection);
        });
        status.directory = directory_.status();
        if (git_) {
            status.git = git_->status();
        }
        return status;
    }

    void close() {
        store_.body().database().check_may_close();
        if (git_) {
            git_->body().check_outside_callback();
        }
        if (own_ && own_->on_loop_thread()) {
            throw Error(ErrorCode::misuse, "a workspace cannot be closed on its own loop, in an observer");
        }
        close_parts();
        if (own_) {
            own_->body()->close();  // Another thread may be closing the parts still.
        }
    }

    void close_parts() {
        store_.body().database().stop_waiting();
        directory_.body().context().stopping = true;  // First: git waits for the lane that the two share.
        if (git_) {
            git_->close();
        }
        directory_.close();
        store_.close();
    }

    static const WorkspaceOptions& checked(const WorkspaceOptions& options) {
        check_options(options);
        return options;
    }

    std::unique_ptr<EventLoop> own_;
    EventLoop& loop_;
    const WorkspaceOptions options_;
    EntityStore store_;
    DirectorySync directory_;
    std::optional<GitSync> git_;
};

}  // namespace sync

Workspace::Workspace(const WorkspaceOptions& options)
    : body_(std::make_unique<sync::WorkspaceBody>(std::make_unique<EventLoop>(), nullptr, options)) {}

Workspace::Workspace(EventLoop& loop, const WorkspaceOptions& options)
    : body_(std::make_unique<sync::WorkspaceBody>(nullptr, &loop, options)) {}

Workspace::~Workspace() = default;

EntityStore& Workspace::store() {
    return body_->store_;
}

DirectorySync& Workspace::directory() {
    return body_->directory_;
}

bool Workspace::has_git() const noexcept {
    return body_->git_.has_value();
}

GitSync& Workspace::git() {
    if (!body_->git_) {
        throw Error(ErrorCode::misuse, "this workspace has no git: set the option git.enabled");
    }
    return *body_->git_;
}

void Workspace::start() {
    body_->start();
}

void Workspace::stop() {
    body_->stop();
}

void Workspace::sync() {
    body_->sync();
}

WorkspaceStatus Workspace::status() const {
    return body_->status();
}

VerifyReport Workspace::verify() const {
    return sync::verify(body_->store_.body(), body_->directory_.body().context().options,
                        body_->git_.has_value());
}

Subscription Workspace::subscribe(Observer& observer) {
    return body_->store_.body().hub()->subscribe(observer, {});
}

void Workspace::close() {
    body_->close();
}

}  // namespace fluentsync
