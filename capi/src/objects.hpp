/// The objects behind the handles: a C++ object each, and what it stands on.
#pragma once

#include <memory>

#include "fluentsync/directory_sync.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "fluentsync/git_sync.hpp"
#include "fluentsync/workspace.hpp"
#include "handles.hpp"
#include "source.hpp"
#include "tenancy.hpp"

namespace fluentsync::capi {

class LoopObject final : public Object {
  public:
    LoopObject() = default;
    explicit LoopObject(uv_loop_t* lent) : loop_(lent), lent_(true) {}

    void close() override;
    /// Throws misuse where close() would.
    void check_closing_thread() const;
    EventLoop& loop() noexcept { return loop_; }
    const EventLoop& loop() const noexcept { return loop_; }
    Tenancy& tenancy() noexcept { return tenancy_; }

  private:
    EventLoop loop_;
    const bool lent_ = false;
    Tenancy tenancy_{"loop", Ownership::callers};
};

class StoreObject final : public Source {
  public:
    /// `loop` may be null.
    StoreObject(std::shared_ptr<LoopObject> loop, const StoreOptions& options);
    /// A workspace's.
    StoreObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<EntityStore> store);

    void close() override;
    Subscription subscribe(Observer& observer) override;
    bool on_loop_thread() const override;
    bool has_loop() const noexcept { return loop_ != nullptr; }
    EntityStore& store() noexcept { return *store_; }
    Tenancy& tenancy() noexcept { return tenancy_; }
    using Source::end_queues;

  private:
    const std::shared_ptr<LoopObject> loop_;
    Lease<LoopObject> lease_;
    const std::shared_ptr<EntityStore> store_;
    Tenancy tenancy_;
};

class DirectoryObject final : public Source {
  public:
    DirectoryObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<StoreObject> store,
                    const DirectoryOptions& options);
    /// A workspace's.
    DirectoryObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<DirectorySync> directory);

    void close() override;
    Subscription subscribe(Observer& observer) override { return directory_->subscribe(observer); }
    bool on_loop_thread() const override;
    DirectorySync& directory() noexcept { return *directory_; }
    Tenancy& tenancy() noexcept { return tenancy_; }
    using Source::end_queues;

  private:
    const std::shared_ptr<LoopObject> loop_;
    Lease<LoopObject> loop_lease_;
    const std::weak_ptr<StoreObject> teller_;  ///< Its loop brings the events, where it has one.
    Lease<StoreObject> store_lease_;
    const std::shared_ptr<DirectorySync> directory_;
    Tenancy tenancy_;
};

class GitObject final : public Source {
  public:
    GitObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<StoreObject> store,
              std::shared_ptr<DirectoryObject> directory, const GitOptions& options);
    /// A workspace's.
    GitObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<GitSync> git);

    void close() override;
    Subscription subscribe(Observer& observer) override { return git_->subscribe(observer); }
    bool on_loop_thread() const override;
    GitSync& git() noexcept { return *git_; }
    using Source::end_queues;

  private:
    const std::shared_ptr<LoopObject> loop_;
    Lease<LoopObject> loop_lease_;
    const std::weak_ptr<StoreObject> teller_;  ///< Its loop brings the events, where it has one.
    Lease<StoreObject> store_lease_;
    Lease<DirectoryObject> directory_lease_;
    const std::shared_ptr<GitSync> git_;
    Tenancy tenancy_;
};

class WorkspaceObject final : public Source {
  public:
    /// `lent` may be null: a loop of its own.
    WorkspaceObject(std::shared_ptr<LoopObject> lent, const WorkspaceOptions& options);
    ~WorkspaceObject() override;

    void close() override;
    Subscription subscribe(Observer& observer) override { return workspace_->subscribe(observer); }
    bool on_loop_thread() const override { return loop_->loop().on_loop_thread(); }
    Workspace& workspace() noexcept { return *workspace_; }
    fluentsync_store* store_handle() const noexcept { return store_handle_; }
    fluentsync_directory* directory_handle() const noexcept { return directory_handle_; }
    /// Throws misuse without git.
    fluentsync_git* git_handle() const;

  private:
    void open_parts();
    void withdraw_parts();

    const bool owns_loop_;
    const std::shared_ptr<LoopObject> loop_;
    Lease<LoopObject> lease_;
    const std::shared_ptr<Workspace> workspace_;
    std::shared_ptr<StoreObject> store_;
    std::shared_ptr<DirectoryObject> directory_;
    std::shared_ptr<GitObject> git_;
    fluentsync_store* store_handle_ = nullptr;
    fluentsync_directory* directory_handle_ = nullptr;
    fluentsync_git* git_handle_ = nullptr;
};

}  // namespace fluentsync::capi
