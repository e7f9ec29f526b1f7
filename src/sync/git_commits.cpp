// GitBody: when and how the local side commits.
#include "sync/git_body.hpp"

#include "git/index.hpp"
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
            GitContext* git = somebody_is_at_work() ? nullptr : &prepare_commit();
            if (git == nullptr || somebody_is_at_work()) {
                commits_.fire_after(base::tuning::kIndexSettles);
            } else {
                finish_commit(*git, {});
            }
        });
    });
}

/// Lane. Their git holds the index, or has replaced it just now and may move HEAD next. To the latter it
/// gives way for some time only: a tool that goes on replacing the index must not keep everything out of the
/// history.
bool GitBody::somebody_is_at_work() {
    const git::Repository& repository = local().repository;
    if (git::index_is_locked(repository, store_.clock().wall_ms())) {
        giving_way_since_.reset();
        return true;
    }
    const std::int64_t replaced_ns = git::index_time_ns(repository);
    const std::int64_t age = store_.clock().wall_ms() - replaced_ns / 1'000'000;
    if (age < 0 || age >= base::tuning::kIndexSettles.count() || replaced_ns == index_.written_ns()) {
        return false;
    }
    const std::int64_t now = store_.clock().steady_ms();
    giving_way_since_ = giving_way_since_.value_or(now);
    return now - *giving_way_since_ < base::tuning::kGivesWay.count();
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
    finish_or_give_up_integration(git);
    export_if_needed();
    if (head_was_unknown_) {
        restore_unknown_files(git);
        head_was_unknown_ = false;
    }
    retry_blocked_files(git);
    return git;
}

CommitResult GitBody::finish_commit(GitContext& git, const std::string& message) {
    giving_way_since_.reset();
    // A long look may lie between, and what is gone since must not pass for there.
    if (!git.repository.is_current()) {
        git.repository = git::Repository::open(git.repository.folder());
    }
    CommitResult result = commit_pending(git, message);
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
                if (!somebody_is_at_work()) {
                    finish_or_give_up_integration(local());
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
    std::uint64_t loose = 0;
    store_.read([&](store::Connection& connection) {
        loose = std::stoull(store::get_value(connection, "loose_objects").value_or("0"));
    });
    if (loose < base::tuning::kPackLooseAt) {
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

}  // namespace fluentsync::sync
