#include <utility>

#include "fluentsync/error.hpp"
#include "objects.hpp"

namespace fluentsync::capi {
namespace {

/// The parts point into the workspace, which needs its loop: whoever goes last takes both along.
struct OnItsLoop {
    OnItsLoop(std::shared_ptr<LoopObject> ground, const WorkspaceOptions& options)
        : loop(std::move(ground)), workspace(loop->loop(), options) {}

    const std::shared_ptr<LoopObject> loop;
    Workspace workspace;
};

std::shared_ptr<Workspace> open_on(const std::shared_ptr<LoopObject>& loop, const WorkspaceOptions& options) {
    auto whole = std::make_shared<OnItsLoop>(loop, options);
    return {whole, &whole->workspace};
}

}  // namespace

WorkspaceObject::WorkspaceObject(std::shared_ptr<LoopObject> lent, const WorkspaceOptions& options)
    : owns_loop_(!lent),
      loop_(lent ? std::move(lent) : std::make_shared<LoopObject>()),
      lease_(loop_),
      workspace_(open_on(loop_, options)) {
    try {
        open_parts();
    } catch (...) {
        withdraw_parts();
        throw;
    }
}

WorkspaceObject::~WorkspaceObject() = default;

void WorkspaceObject::open_parts() {
    const auto part = [this](auto& of_workspace) {
        return std::shared_ptr<std::remove_reference_t<decltype(of_workspace)>>(workspace_, &of_workspace);
    };
    store_ = std::make_shared<StoreObject>(loop_, part(workspace_->store()));
    directory_ = std::make_shared<DirectoryObject>(loop_, part(workspace_->directory()));
    store_handle_ = hand_out<fluentsync_store>(store_, Ownership::borrowed);
    directory_handle_ = hand_out<fluentsync_directory>(directory_, Ownership::borrowed);
    if (!workspace_->has_git()) return;
    git_ = std::make_shared<GitObject>(loop_, part(workspace_->git()));
    git_handle_ = hand_out<fluentsync_git>(git_, Ownership::borrowed);
}

void WorkspaceObject::withdraw_parts() {
    strike_out(ticket_of(git_handle_));
    strike_out(ticket_of(directory_handle_));
    strike_out(ticket_of(store_handle_));
}

void WorkspaceObject::close() {
    if (owns_loop_) loop_->check_closing_thread();
    workspace_->close();
    withdraw_parts();
    if (git_) git_->end_queues();
    directory_->end_queues();
    store_->end_queues();
    end_queues();
    lease_.end();
    if (owns_loop_) loop_->close();
}

fluentsync_git* WorkspaceObject::git_handle() const {
    if (git_handle_ != nullptr) return git_handle_;
    throw Error(ErrorCode::misuse, "this workspace has no git: give it a \"git\" in its options");
}

}  // namespace fluentsync::capi
