/// GitSync: commits what changed in a folder, and keeps it in step with a remote.
#ifndef FLUENTSYNC_GIT_SYNC_HPP
#define FLUENTSYNC_GIT_SYNC_HPP

#include <memory>
#include <string>

#include "fluentsync/event.hpp"
#include "fluentsync/options.hpp"
#include "fluentsync/status.hpp"

namespace fluentsync {

class EventLoop;
class EntityStore;
class DirectorySync;

namespace sync {
class GitBody;
}

/// Commits, pulls and pushes the repository in a DirectorySync's folder.
///
/// A commit carries exactly the paths that changed, from contents that store and file agreed on. No change,
/// no commit. What a person has staged is never touched, hooks are never run, nothing is ever checked out or
/// force-pushed, and nothing is committed while a person is in the middle of a merge or rebase, or has
/// conflicts to resolve.
/// Files that are no entities are committed too, unless git ignores them.
/// A pull merges in memory; both sides' changes survive, a conflict's loser as a record
/// (EntityStore::conflicts).
///
/// Owner: the host; loop, store and directory must outlive it.
/// Thread: every function from any thread; commit, pull, push and sync block the caller until done. Fetch and
/// push run on a lane of their own: a remote that hangs delays neither saves nor commits nor close().
/// A socket stream with a time limit is registered with libgit2 when the first remote is used; other users of
/// libgit2 in the same process see no change.
class GitSync {
  public:
    GitSync(EventLoop& loop, EntityStore& store, DirectorySync& directory, const GitOptions& options);
    GitSync(const GitSync&) = delete;
    GitSync& operator=(const GitSync&) = delete;
    ~GitSync();

    /// Opens the repository, or makes it, or, with a remote that has commits, takes those over. Starts
    /// automation (auto_sync). Network work follows in the background. Throws repository, cannot_open,
    /// corrupt.
    void start();
    void stop();

    /// Exports what is pending (see skip_export_check) and commits. An empty message uses the option
    /// commit_message; what stands in braces there is replaced in a message given here, too.
    /// With auto_push a push follows in the background.
    /// Throws repository, repository_busy, ref_moved, io.
    CommitResult commit(const std::string& message = {});
    /// Fetches, merges, applies to files and store, moves the branch. Commits local changes first when
    /// auto_sync is on. Throws remote_unreachable, timed_out, authentication, repository, repository_busy.
    PullResult pull();
    /// Pushes the branch; when the server is ahead it pulls and tries again. Throws push_rejected,
    /// remote_unreachable, timed_out, authentication.
    PushResult push();
    /// Everything once: export, commit, pull, push (where there is a remote).
    void sync();

    GitStatus status() const;
    [[nodiscard]] Subscription subscribe(Observer& observer);

    /// Gives up network work at once; returns within two seconds. Idempotent; the destructor calls it.
    void close();

    /// For the library's own classes.
    sync::GitBody& body() const noexcept { return *body_; }

  private:
    std::unique_ptr<sync::GitBody> body_;
};

}  // namespace fluentsync

#endif
