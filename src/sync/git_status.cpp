// GitBody::status(): asked from any thread, on a repository of its own.
#include <fmt/format.h>

#include <sstream>

#include "base/redact.hpp"
#include "git/ignore_rules.hpp"
#include "store/held_deletions.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/git_body.hpp"
#include "sync/ignore_source.hpp"
#include "sync/tracked_state.hpp"

namespace fluentsync::sync {

namespace {

/// Paths the next commit will carry: what git does not track yet is none of them where it is ignored, or gone
/// and held.
std::int64_t count_uncommitted(const store::StoreBody& store, const git::Repository* repository,
                               git::MarkedPaths& marks) {
    std::int64_t count = 0;
    store.read([&](store::Connection& connection) {
        if (repository == nullptr) {
            count = store::count_uncommitted(connection);
            return;
        }
        git::IgnoreRules ignore_rules(*repository,
                                      ignore_source(runtime::open_folder(repository->folder(), false)));
        const store::Paths held = store::held_deletions(connection);
        for (const store::LedgerRow& row : store::uncommitted_rows(connection, "", SIZE_MAX)) {
            const bool left_out =
                !row.committed && (held.count(row.path) > 0 || ignore_rules.ignore(row.path));
            count += left_out || marks.contains(*repository, row.path) ? 0 : 1;
        }
    });
    return count;
}

constexpr const char* kLastPush = "last_push";
constexpr const char* kNetworkError = "network_error";

struct Remembered {
    std::int64_t last_push = 0;
    PushOutcome outcome = PushOutcome::none;
    std::string network_error;
};

/// What another process, or an earlier one, came to.
Remembered remembered(const store::StoreBody& store) {
    Remembered result;
    store.read([&](store::Connection& connection) {
        int outcome = 0;
        if (const auto push = store::get_value(connection, kLastPush)) {
            std::istringstream(*push) >> outcome >> result.last_push;
            result.outcome = static_cast<PushOutcome>(outcome);
        }
        result.network_error = store::get_value(connection, kNetworkError).value_or("");
    });
    return result;
}

void fill_from_repository(const git::Repository& repository, git::MarkedPaths& marks, GitStatus& status) {
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
        } else if (repository.has_conflicts()) {
            status.standing_back = "somebody has conflicts to resolve";
        } else if (const std::string name = tracked_state(repository, marks); !name.empty()) {
            status.standing_back = fmt::format("the repository has '{0}': git rm -r --cached '{0}'", name);
        }
    }
}

}  // namespace

/// Lane, before the first work with the remote: goes on from what is remembered.
void GitBody::recall_network() {
    const Remembered before = remembered(store_);
    const std::lock_guard lock(mutex_);
    last_push_ = before.last_push;
    last_push_outcome_ = before.outcome;
    network_error_ = before.network_error;
}

/// Where the database takes no write, status() of this process tells it all the same, and a hop that cannot
/// do without the database says why.
void GitBody::remember(const char* name, const std::optional<std::string>& value) {
    try {
        store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::set_value(writer.connection(), name, value);
        });
    } catch (const Error&) {
    }
}

/// What the last push came to is kept in the database too, for status() of another process and after a
/// restart.
void GitBody::remember_push(PushOutcome outcome) {
    std::int64_t time = 0;
    {
        const std::lock_guard lock(mutex_);
        push_progress_ = store_.clock().steady_ms();
        if (outcome == last_push_outcome_ && outcome != PushOutcome::pushed) {
            return;
        }
        if (outcome == PushOutcome::up_to_date && last_push_outcome_ == PushOutcome::pushed) {
            return;  // There was nothing to push: what the last push came to is what it was.
        }
        if (outcome == PushOutcome::pushed || outcome == PushOutcome::up_to_date) {
            last_push_ = store_.clock().wall_ms();
        }
        last_push_outcome_ = outcome;
        time = last_push_;
    }
    remember(kLastPush, fmt::format("{} {}", static_cast<int>(outcome), time));
}

/// Of the last pull or push in the background; empty: it went through.
void GitBody::note_network_error(const std::string& message) {
    {
        const std::lock_guard lock(mutex_);
        if (network_error_ == message) {
            return;
        }
        network_error_ = message;
    }
    remember(kNetworkError, message.empty() ? std::nullopt : std::optional(message));
}

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
    if (!opened_) {
        const Remembered before = remembered(store_);
        status.last_push = before.last_push;
        status.last_push_outcome = before.outcome;
        if (status.last_error.empty()) {
            status.last_error = before.network_error;
        }
    }
    const std::lock_guard lock(status_repository_mutex_);
    try {
        const std::string& folder = directory_.context().options.sync_path;
        if (!status_repository_ && git::Repository::exists(folder)) {
            status_repository_ = std::make_unique<git::Repository>(git::Repository::open(folder));
        }
        if (status_repository_) {
            fill_from_repository(*status_repository_, marks_, status);
            if (status.last_error.empty()) {
                status.last_error = index_trouble(store_, *status_repository_);
            }
        }
    } catch (const Error& error) {  // A damaged repository; the rest can be told all the same.
        status_repository_.reset();
        if (status.last_error.empty()) {
            status.last_error = base::redact(error.what());
        }
    }
    status.uncommitted = count_uncommitted(store_, status_repository_.get(), marks_);
    return status;
}

}  // namespace fluentsync::sync
