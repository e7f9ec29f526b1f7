// GitBody: when and how the local side commits.
#include "sync/git_body.hpp"

#include "base/text.hpp"
#include "git/join_packs.hpp"
#include "git/object_writer.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/commit_hop.hpp"
#include "sync/integrate.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

void GitBody::post_commit() {
    {
        const std::lock_guard lock(mutex_);
        if (commit_posted_ || closed_) {
            return;
        }
        commit_posted_ = true;
    }
    directory_.lane().post([this] { background_commit(); });
}

void GitBody::background_commit() {
    {
        const std::lock_guard lock(mutex_);
        commit_posted_ = false;
        if (closed_ || first_fetch_waits_) {
            return;
        }
    }
    background("commit", EventKind::error, [this] {
        as_one_piece([this] {
            // Half of a person's checkout, which belongs to no branch, may be among what was looked at.
            std::chrono::milliseconds pause = foreign_.at_work(local().repository, ForeignGit::Work::commit);
            GitContext* git = pause.count() > 0 ? nullptr : &prepare_commit();
            if (git != nullptr) {
                pause = foreign_.at_work(git->repository, ForeignGit::Work::commit);
            }
            if (pause.count() > 0) {
                commits_.fire_after(pause);
            } else {
                finish_commit(*git, {});
            }
        });
    });
}

/// Lane. skip_export_check: the export is left out only when the ledger proves that the files are current.
void GitBody::export_if_needed() {
    if (!options_.skip_export_check || !directory_.proven_current()) {
        directory_.run_round();
    }
}

CommitResult GitBody::commit_on_lane(const std::string& message) {
    return finish_commit(prepare_commit(), message);
}

/// Lane. Everything that is to be committed is in the ledger then.
GitContext& GitBody::prepare_commit() {
    GitContext& git = local();
    resume_integration(git);
    export_if_needed();
    if (head_was_unknown_) {
        restore_unknown_files(git);
        head_was_unknown_ = false;
        const auto& holds = git.sync.holds;  // What HEAD has of them is vouched for.
        Settler(git.sync).settle({holds.begin(), holds.end()});
    }
    retry_blocked_files(git);
    return git;
}

/// Lane. The index follows what it moves HEAD to.
void GitBody::resume_integration(GitContext& git) {
    const auto before = git.repository.head().commit;
    may_move_head([&] { finish_or_give_up_integration(git); });
    if (git.repository.head().commit != before) {
        index_.head_moved();
    }
}

/// Lane. What fails may have moved HEAD before: the index follows all the same.
void GitBody::may_move_head(const std::function<void()>& work) {
    try {
        work();
    } catch (...) {
        index_.head_moved();
        throw;
    }
}

CommitResult GitBody::finish_commit(GitContext& git, const std::string& message) {
    foreign_.through();
    // A long look may lie between, and what is gone since must not pass for there.
    if (!git.repository.is_current()) {
        git.repository.open_again();
    }
    CommitResult result;
    may_move_head([&] { result = commit_pending(git, message); });
    after_commit(result);
    try_behind_again();
    return result;
}

/// Lane. A permission that changes tells nobody, so time has to; in no hurry, and only where commits go by
/// themselves.
void GitBody::try_behind_again() {
    const bool any = any_behind(local());
    const std::lock_guard lock(mutex_);
    if (!any) {
        behind_retry_.succeeded();
    } else if (running_ && !behind_waits_) {
        behind_waits_ = true;
        behind_timer_.arm(std::chrono::milliseconds(behind_retry_.failed()));
    }
}

/// What comes of it is committed with the next batch.
void GitBody::post_behind() {
    {
        const std::lock_guard lock(mutex_);
        behind_waits_ = false;
        if (closed_ || !running_) {
            return;
        }
    }
    directory_.lane().post([this] {
        background("pull", EventKind::git_pull_failed, [this] {
            as_one_piece([this] {
                if (foreign_.at_work(local().repository, ForeignGit::Work::commit).count() == 0) {
                    resume_integration(local());
                    retry_blocked_files(local());
                }
                try_behind_again();
            });
        });
        commits_.touch();
    });
}

void GitBody::after_commit(const CommitResult& result) {
    bool after_failure = false;  // It may have made the commit before it failed.
    {
        const std::lock_guard lock(mutex_);
        commit_progress_ = store_.clock().steady_ms();
        after_failure = !last_error_.empty() || !standing_back_.empty();
        standing_back_.clear();
        retry_.succeeded();
        last_error_.clear();
    }
    if (result.commit.empty() && !after_failure) {
        return;
    }
    index_.head_moved();
    pack_now_and_then();
    join_packs_elsewhere();
    if (options_.auto_push && !options_.remote.empty()) {
        post_push();
    }
}

CommitResult GitBody::commit(const std::string& message) {
    CommitResult result;
    directory_.settle_until_quiet({});
    on_lane([&] { result = commit_on_lane(message); });
    return result;
}

/// Lane. Our own loose objects are packed once there are many. When closing cuts that short, the count stays:
/// a later commit tries again.
void GitBody::pack_now_and_then() {
    std::int64_t loose = 0;
    store_.read([&](store::Connection& connection) {
        loose = base::number_in(store::get_value(connection, "loose_objects").value_or("")).value_or(0);
    });
    if (loose < static_cast<std::int64_t>(base::tuning::kPackLooseAt)) {
        return;
    }
    const auto closing = [this] { return local_->sync.cut_short(); };
    if (!git::pack_loose_objects(local_->repository, base::tuning::kPackLooseAt, closing)) {
        return;
    }
    store_.write(Origin::api, store::Durability::relaxed, [](store::StoreBody::EntityWriter& writer) {
        store::set_value(writer.connection(), "loose_objects", std::nullopt);
    });
}

/// Lane, on which the next commit waits: the network's has the time.
void GitBody::join_packs_elsewhere() {
    const git::Repository& repository = local_->repository;
    if (repository.is_current() || !git::has_many_packs(repository.raw())) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        if (join_posted_ || closed_) {
            return;
        }
        join_posted_ = true;
    }
    network_lane_.post([this, folder = repository.folder()] { join_packs(folder); });
}

/// Network lane. Nobody waits for it, and what cannot be done now the next pack brings up again.
void GitBody::join_packs(const std::string& folder) {
    {
        const std::lock_guard lock(mutex_);
        join_posted_ = false;
    }
    try {
        const git::Repository repository = git::Repository::open(folder);
        git::join_packs(repository.raw(), folder + "/.fluentsync/tmp",
                        [this] { return cancellation_.cancelled(); });
    } catch (const Error&) {  // Whoever needs what is wrong with it says so.
    }
}

}  // namespace fluentsync::sync
