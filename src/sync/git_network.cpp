// GitBody: pull and push on the network lane.
#include "sync/git_body.hpp"

#include <fmt/format.h>
#include "base/redact.hpp"
#include "git/index.hpp"
#include "git/join_packs.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/integrate.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

void GitBody::require_remote() const {
    if (options_.remote.empty()) {
        throw Error(ErrorCode::invalid_options, "no remote: set git.remote");
    }
}

git::RemoteAddress GitBody::address() const {
    return {options_.remote, options_.credentials, options_.network_timeout, options_.max_fetch_bytes};
}

git::TransferProgress GitBody::progress(const char* what) const {
    if (!store_.hub()->has_subscribers()) {
        return {};
    }
    return [this, what, last = std::int64_t{-1}](std::int64_t done, std::int64_t total) mutable {
        const std::int64_t now = store_.clock().steady_ms();
        if (last >= 0 && now - last < 100 && done != total) {
            return;
        }
        last = now;
        Event event;
        event.kind = EventKind::progress;
        event.message = what;
        event.count = done;
        event.total = total;
        store_.hub()->publish(std::move(event));
    };
}

PullResult GitBody::pull() {
    require_remote();
    PullResult result;
    open();
    directory_.settle_until_quiet({});
    network_lane_.run([&] {
        try {
            fetch_and_integrate(result);
        } catch (const Error&) {
            if (!fetch_lost_objects()) {
                throw;
            }
            fetch_and_integrate(result);
        }
    });
    return result;
}

/// Network lane.
void GitBody::fetch_and_integrate(PullResult& result) {
    std::string branch;
    bool unborn = false;
    std::string folder;
    on_lane([&] {
        const git::Head head = local().repository.head();
        unborn = !head.commit;
        branch = head.branch;
        folder = local().repository.folder();
    });
    const bool follow_default = unborn && options_.branch.empty();
    git::FetchResult fetched;
    with_network(folder, [&](git::Repository& repository) {
        fetched = git::fetch(repository, address(), kRemoteName, follow_default ? "" : branch, cancellation_,
                             progress("fetch"), options_.durable);
    });
    on_lane([&] {
        if (follow_default && !fetched.default_branch.empty() && fetched.default_branch != branch &&
            !local().repository.head().commit) {
            local().repository.set_unborn_branch(fetched.default_branch);
        }
        const std::lock_guard lock(mutex_);
        first_fetch_waits_ = false;
        unborn_ = false;
    });
    note_network_error({});
    if (fetched.tip) {
        Event event;
        event.kind = EventKind::git_fetched;
        event.commit = fetched.tip->hex();
        store_.hub()->publish(std::move(event));
        on_lane([&] { integrate_on_lane(follow_default ? std::string() : branch, *fetched.tip, result); });
        if (network_ && !network_->is_current() && git::has_many_packs(network_->raw())) {
            join_packs(folder);
        }
    }
    const std::lock_guard lock(mutex_);
    pull_progress_ = store_.clock().steady_ms();
}

/// `branch`: whose the tip is; empty: HEAD's, which is not born yet.
void GitBody::integrate_on_lane(const std::string& branch, const base::ObjectId& tip, PullResult& result) {
    GitContext& git = local();
    if (!branch.empty() && git.repository.head().branch != branch) {
        return;  // Somebody has switched meanwhile: the next pull is about theirs.
    }
    directory_.run_round();
    if (git::index_is_locked(git.repository, store_.clock().wall_ms())) {
        throw StandsBack(ErrorCode::repository_busy,
                         fmt::format("somebody's git is at work in {}: pull again when it is done",
                                     git.repository.folder()),
                         git.repository.folder());
    }
    const bool behind =
        !git.repository.head().commit || !git.repository.is_ancestor(tip, *git.repository.head().commit);
    if (options_.auto_sync && behind && git.repository.head().commit) {
        commit_on_lane({});
    }
    may_move_head([&] {
        result = integrate(git, tip);
        if (!behind) {
            retry_blocked_files(git);
        }
    });
    try_behind_again();
    index_.head_moved();
    std::int64_t left = 0;
    store_.read([&](store::Connection& connection) { left = store::count_uncommitted(connection); });
    if (left > 0) {
        commits_.touch();
    }
    if (result.merged && options_.auto_push) {
        post_push();
    }
}

PushResult GitBody::push() {
    require_remote();
    open();
    PushResult result;
    network_lane_.run([&] {
        try {
            push_until_taken(result);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::push_rejected) {  // That one is remembered where it is told.
                note_push_failure(error);
            }
            throw;
        }
    });
    return result;
}

/// Network lane.
void GitBody::push_until_taken(PushResult& result) {
    for (int attempt = 0; !push_once(result); ++attempt) {
        if (attempt == base::tuning::kPushAttempts) {
            throw Error(ErrorCode::push_rejected, "others keep pushing first: try again later");
        }
        PullResult pulled;
        fetch_and_integrate(pulled);
    }
}

/// Whoever asked for the push, status() tells what became of it.
void GitBody::note_push_failure(const Error& error) {
    if (error.code() == ErrorCode::closed || error.code() == ErrorCode::cancelled) {
        return;
    }
    remember_push(PushOutcome::failed);
    if (dynamic_cast<const StandsBack*>(&error) == nullptr) {
        note_network_error(fmt::format("push: {}", base::redact(error.what())));
    }
}

/// Network lane. False: the remote has commits that HEAD lacks.
bool GitBody::push_once(PushResult& result) {
    git::Head head;
    std::string folder;
    std::optional<base::ObjectId> tracked;
    on_lane([&] {
        head = local().repository.head();
        folder = local().repository.folder();
        tracked = tracked_commit(local().repository, head);
    });
    if (!head.commit || head.detached) {
        result.outcome = PushOutcome::up_to_date;
        return true;
    }
    git::PushReply reply;
    with_network(folder, [&](git::Repository& repository) {
        reply = git::push(repository, address(), kRemoteName, head.branch, *head.commit, cancellation_,
                          progress("push"), options_.durable);
    });
    switch (reply.outcome) {
        case git::PushReply::Outcome::not_fast_forward:
            remember_push(PushOutcome::rejected);
            return false;
        case git::PushReply::Outcome::refused:
            remember_push(PushOutcome::rejected);
            throw Error(ErrorCode::push_rejected,
                        fmt::format("the remote refused {}: {}", head.branch, reply.message));
        case git::PushReply::Outcome::accepted:
            break;
    }
    const bool moved = tracked != head.commit;
    result = {moved ? PushOutcome::pushed : PushOutcome::up_to_date, head.commit->hex()};
    remember_push(result.outcome);
    note_network_error({});
    if (moved) {
        Event event;
        event.kind = EventKind::git_pushed;
        event.commit = result.commit;
        store_.hub()->publish(std::move(event));
    }
    return true;
}

bool GitBody::needs_push() {
    bool ahead = false;
    on_lane([&] {
        const git::Head head = local().repository.head();
        ahead = head.commit && !head.detached && head.commit != tracked_commit(local().repository, head);
    });
    return ahead;
}

}  // namespace fluentsync::sync
