/// The body of GitSync: when to commit, pull and push, and on which lane.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "fluentsync/status.hpp"
#include "git/ignore_rules.hpp"
#include "git/index_marks.hpp"
#include "git/remote.hpp"
#include "git/tree.hpp"
#include "plan/retry.hpp"
#include "runtime/loop_use.hpp"
#include "sync/debounced_trigger.hpp"
#include "sync/directory_body.hpp"
#include "sync/foreign_git.hpp"
#include "sync/git_context.hpp"
#include "sync/index_follower.hpp"
#include "sync/mend_repository.hpp"

namespace fluentsync::sync {

/// Local work runs on the directory's lane, network work on a lane of its own with a repository of its own. A
/// task of the network lane may wait for the local lane, never the other way round.
class GitBody {
  public:
    GitBody(std::shared_ptr<runtime::LoopBody> loop, store::StoreBody& store, DirectoryBody& directory,
            const GitOptions& options);
    ~GitBody();

    /// Opens or makes the repository, so that the directory's first look knows what git ignores. Any thread;
    /// idempotent.
    void open();
    void start();
    void stop();
    CommitResult commit(const std::string& message);
    PullResult pull();
    PushResult push();
    void sync();
    GitStatus status() const;
    const std::shared_ptr<runtime::EventHub>& hub() const { return store_.hub(); }
    /// Throws Error(misuse) in the host's callback for credentials, whose answer the network waits for.
    void check_outside_callback() const;
    /// The same, and inside a transaction: the lane that close() waits for may wait for its end.
    void check_may_close() const;
    void close();

  private:
    void require_open();
    void on_lane(const std::function<void()>& work);
    void as_one_piece(const std::function<void()>& work);
    void open_anew_if_stale();
    static bool may_be_damage(const Error& error);
    void mend_at_open();
    bool objects_are_whole();
    bool mend(RemoteAsked asked);
    bool mend_now(RemoteAsked asked);
    bool fetch_lost_objects();
    void sync_once();
    void with_network(const std::string& folder, const std::function<void(git::Repository&)>& work);
    GitContext& local();
    void open_repository();
    void tell_directory();
    void untell_directory();
    void follow();
    std::optional<git::TreeFile> at_head(const std::string& path);
    bool is_ignored(const std::string& path);
    bool is_gits_link(const std::string& path);
    void configure_remote(git::Repository& repository);
    void tell_unsigned(const git::Repository& repository);
    void post_commit();
    void background_commit();
    CommitResult commit_on_lane(const std::string& message);
    GitContext& prepare_commit();
    void resume_integration(GitContext& git);
    void may_move_head(const std::function<void()>& work);
    CommitResult finish_commit(GitContext& git, const std::string& message);
    void export_if_needed();
    void try_behind_again();
    void post_behind();
    void after_commit(const CommitResult& result);
    void sync_sides();
    void post_cycle();
    void post_push();
    bool push_in_background();
    bool background(const char* what, EventKind failure, const std::function<void()>& work);
    void fetch_and_integrate(PullResult& result);
    void integrate_on_lane(const std::string& branch, const base::ObjectId& tip, PullResult& result);
    void push_until_taken(PushResult& result);
    void note_push_failure(const Error& error);
    bool push_once(PushResult& result);
    void pack_now_and_then();
    void join_packs_elsewhere();
    void join_packs(const std::string& folder);
    git::RemoteAddress address() const;
    git::TransferProgress progress(const char* what) const;
    bool needs_push();
    void recall_network();
    void remember(const char* name, const std::optional<std::string>& value);
    void remember_push(PushOutcome outcome);
    void note_network_error(const std::string& message);
    void require_remote() const;

    std::shared_ptr<runtime::LoopBody> loop_;
    runtime::LoopUse loop_use_;
    store::StoreBody& store_;
    DirectoryBody& directory_;
    const GitOptions options_;
    git::Cancellation cancellation_;

    mutable git::MarkedPaths marks_;
    std::optional<GitContext> local_;               ///< Local lane.
    std::optional<base::ObjectId> head_tree_;       ///< Local lane: HEAD's, once asked for in a round.
    std::optional<git::IgnoreRules> ignore_rules_;  ///< Of this round.
    bool local_failed_ = false;                     ///< Local lane.
    /// Local lane, steady: when a failure was found not to come from damage.
    std::optional<std::int64_t> found_whole_at_;
    std::atomic<bool> lost_objects_wanted_{false};  ///< The remote may have them, and was not asked yet.
    std::unique_ptr<git::Repository> network_;      ///< Network lane.
    mutable std::mutex status_repository_mutex_;
    mutable std::unique_ptr<git::Repository> status_repository_;

    mutable std::mutex mutex_;
    plan::Retry retry_;
    plan::Retry behind_retry_;  ///< Of files that could not be put in place.
    bool commit_posted_ = false;
    bool cycle_posted_ = false;
    bool push_posted_ = false;
    bool join_posted_ = false;
    bool behind_waits_ = false;  ///< Its timer is armed.
    bool running_ = false;
    bool closed_ = false;
    bool stopped_ = false;  ///< stop() came, and no start() since.
    bool first_fetch_waits_ = false;
    std::atomic<bool> opened_{false};
    std::atomic<bool> unborn_{false};  ///< No commit when it was opened, and no fetch since.
    bool head_was_unknown_ = false;    ///< Local lane: this database meets the repository for the first time.
    std::string last_error_;
    std::string network_error_;  ///< Of the last pull or push in the background; a commit does not clear it.
    std::string standing_back_;
    std::int64_t last_push_ = 0;
    PushOutcome last_push_outcome_ = PushOutcome::none;
    std::int64_t commit_progress_ = -1;
    std::int64_t pull_progress_ = -1;
    std::int64_t push_progress_ = -1;

    runtime::Lane network_lane_;
    DebouncedTrigger commits_;  ///< Touched when there may be something to commit.
    runtime::Timer interval_timer_;
    runtime::Timer push_timer_;
    runtime::Timer behind_timer_;
    ForeignGit foreign_;
    IndexFollower index_;
};

}  // namespace fluentsync::sync
