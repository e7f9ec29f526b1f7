#include "sync_requests.hpp"

#include <fluentsync/error.hpp>

#include "exit_code.hpp"

namespace cli {

SyncRequests::SyncRequests(fluentsync::Workspace& workspace, RunDesk& desk, const std::string& root)
    : workspace_(workspace), desk_(desk), root_(root), thread_([this] { run(); }) {}

SyncRequests::~SyncRequests() {
    refuse();
    end();
}

void SyncRequests::ask() {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    changed_.notify_one();
}

void SyncRequests::refuse() {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_one();
}

void SyncRequests::end() {
    if (thread_.joinable()) thread_.join();
}

void SyncRequests::run() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return asked_ || ending_; });
            if (ending_) return;
            asked_ = false;
        }
        desk_.sync_begins();
        desk_.sync_ended(sync());
    }
}

SyncReport SyncRequests::sync() {
    try {
        workspace_.sync();
        return sync_report(workspace_.status(), root_);
    } catch (const fluentsync::Error& error) {
        return {{}, {error.what()}, exit_code(error.code())};
    }
}

}  // namespace cli
