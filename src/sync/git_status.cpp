// GitBody::status(): asked from any thread, on a repository of its own.
#include "base/redact.hpp"
#include "store/ledger.hpp"
#include "sync/git_body.hpp"

namespace fluentsync::sync {

namespace {

/// Paths the next commit will carry: those that git ignores and does not track yet are none of them.
std::int64_t count_uncommitted(const store::StoreBody& store, const git::Repository* repository) {
    std::int64_t count = 0;
    store.read([&](store::Connection& connection) {
        if (repository == nullptr || !repository->has_ignore_rules()) {
            count = store::count_uncommitted(connection);
            return;
        }
        for (const store::LedgerRow& row : store::uncommitted_rows(connection, "", SIZE_MAX)) {
            count += !row.committed && repository->is_ignored(row.path) ? 0 : 1;
        }
    });
    return count;
}

void fill_from_repository(const git::Repository& repository, GitStatus& status) {
    const git::Head head = repository.head();
    status.initialized = true;
    status.branch = head.branch;
    if (head.commit) {
        status.head = head.commit->hex();
        status.last_commit = repository.commit_info(*head.commit).time_ms;
    }
    const auto remote = tracked_commit(repository, head);
    std::tie(status.ahead, status.behind) = repository.ahead_behind(head.commit, remote);
    if (status.standing_back.empty()) {
        if (const std::string operation = repository.operation_in_progress(); !operation.empty()) {
            status.standing_back = "somebody is in the middle of " + operation;
        }
    }
}

}  // namespace

GitStatus GitBody::status() const {
    GitStatus status;
    const std::int64_t now = store_.clock().steady_ms();
    const auto age = [now](std::int64_t since) {
        return since < 0 ? std::nullopt : std::optional(now - since);
    };
    {
        const std::lock_guard lock(mutex_);
        status.auto_sync = running_;
        status.last_push = last_push_;
        status.last_push_outcome = last_push_outcome_;
        status.last_error = last_error_.empty() ? network_error_ : last_error_;
        status.standing_back = standing_back_;
        status.commit_progress_age = age(commit_progress_);
        status.pull_progress_age = age(pull_progress_);
        status.push_progress_age = age(push_progress_);
    }
    status.remote = base::split_url(options_.remote).url;
    const std::lock_guard lock(status_repository_mutex_);
    const std::string& folder = directory_.context().options.sync_path;
    if (!status_repository_ && git::Repository::exists(folder)) {
        status_repository_ = std::make_unique<git::Repository>(git::Repository::open(folder));
    }
    status.uncommitted = count_uncommitted(store_, status_repository_.get());
    if (status_repository_) {
        fill_from_repository(*status_repository_, status);
    }
    return status;
}

}  // namespace fluentsync::sync
