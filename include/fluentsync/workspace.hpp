/// Workspace: the three classes opened and wired together.
#ifndef FLUENTSYNC_WORKSPACE_HPP
#define FLUENTSYNC_WORKSPACE_HPP

#include <memory>
#include <string>

#include "fluentsync/event.hpp"
#include "fluentsync/options.hpp"
#include "fluentsync/status.hpp"

namespace fluentsync {

class EventLoop;
class EntityStore;
class DirectorySync;
class GitSync;

namespace sync {
class WorkspaceBody;
}

/// Store, directory and (unless GitOptions::enabled is false) git on one loop.
///
/// The constructor opens the database and touches neither folder nor repository; start() or sync() take them.
/// Thread: every function from any thread, but with a lent loop construct and close as EventLoop says.
class Workspace {
  public:
    /// On a loop and thread of its own.
    explicit Workspace(const WorkspaceOptions& options);
    /// On a loop of the host's, which must outlive it.
    Workspace(EventLoop& loop, const WorkspaceOptions& options);
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;
    ~Workspace();

    EntityStore& store();
    DirectorySync& directory();
    bool has_git() const noexcept;
    /// Throws Error(misuse) without git.
    GitSync& git();

    /// Starts the automation that the options ask for.
    void start();
    void stop();
    /// Everything once: import, export, commit, pull, push; returns when converged.
    void sync();
    WorkspaceStatus status() const;
    /// Recomputes store, files, index and HEAD from scratch and compares. Changes nothing; needs no
    /// ownership.
    VerifyReport verify() const;

    /// Told of the events of all three.
    [[nodiscard]] Subscription subscribe(Observer& observer);

    /// Stops everything within two seconds, even on a hung remote; waits only for functions of the host's
    /// that run (observer, transaction, credentials). What is pending (exports, commits, pushes) is not
    /// waited for: it stays in the database, and the next start goes on with it. Idempotent; the destructor
    /// does the same. Error(misuse), and nothing is closed, inside a transaction, in the callback for
    /// credentials and, with a loop of its own, in an observer (which may destroy it).
    void close();

  private:
    std::unique_ptr<sync::WorkspaceBody> body_;
};

}  // namespace fluentsync

#endif
