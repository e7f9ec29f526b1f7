#include <algorithm>
#include <array>

#include "fluentsync/error.hpp"
#include "git/remote.hpp"
#include "git/remote_local_push.hpp"
#include "git/remote_session.hpp"
#include "git/remote_tracking.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

using Outcome = PushReply::Outcome;

std::optional<base::ObjectId> remote_tip(RemoteSession& session, const std::string& branch) {
    for (const RemoteBranch& found : session.branches()) {
        if (found.name == branch) {
            return found.tip;
        }
    }
    return std::nullopt;
}

/// The words with which git's servers tell that another pusher was faster.
bool says_not_fast_forward(const std::string& words) {
    constexpr std::array<std::string_view, 3> kSayings = {"non-fast-forward", "non-fastforward",
                                                          "fetch first"};
    return std::any_of(kSayings.begin(), kSayings.end(),
                       [&](auto saying) { return words.find(saying) != std::string::npos; });
}

PushReply not_fast_forward(RemoteSession& session, const std::string& branch) {
    return {Outcome::not_fast_forward, "branch " + branch + " of remote " + session.shown() +
                                           " has commits that are not here: pull first"};
}

bool builds_upon(const Repository& repository, const base::ObjectId& commit,
                 const std::optional<base::ObjectId>& tip) {
    return !tip || (repository.has_object(*tip) && repository.is_ancestor(*tip, commit));
}

/// A server that lost the race between two pushers says so in words of its own ("failed to update ref",
/// "cannot lock ref"): where the branch now is decides.
bool moved_meanwhile(Repository& repository, const RemoteAddress& address, const Cancellation& cancellation,
                     const std::string& branch, const std::optional<base::ObjectId>& seen) {
    try {
        RemoteSession session(repository, address, cancellation, nullptr, GIT_DIRECTION_PUSH);
        session.connect();
        return remote_tip(session, branch) != seen;
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) {
            throw;
        }
        return false;  // The refusal itself is what is worth telling.
    }
}

PushReply send(RemoteSession& session, Repository& repository, const std::string& branch,
               const base::ObjectId& commit, const std::optional<base::ObjectId>& tip, bool durable) {
    if (tip == commit) {
        return {Outcome::accepted, {}};
    }
    if (!builds_upon(repository, commit, tip)) {
        return not_fast_forward(session, branch);
    }
    const PushStatus status = session.folder()
                                  ? push_to_folder(session, repository, branch, commit, tip, durable)
                                  : session.upload(commit, branch);
    if (!status.answered) {
        return {Outcome::refused, "the server said nothing about branch " + branch};
    }
    if (!status.refusal) {
        return {Outcome::accepted, {}};
    }
    if (says_not_fast_forward(*status.refusal)) {
        return not_fast_forward(session, branch);
    }
    const std::string& words = status.server_words;
    return {Outcome::refused, session.redacted(*status.refusal + (words.empty() ? "" : ": " + words))};
}

}  // namespace

PushReply push(Repository& repository, const RemoteAddress& address, const std::string& remote_name,
               const std::string& branch, const base::ObjectId& commit, const Cancellation& cancellation,
               const TransferProgress& progress, bool durable) {
    check_branch_name(branch);
    std::optional<base::ObjectId> tip;
    std::optional<std::string> folder;
    PushReply reply;
    {
        RemoteSession session(repository, address, cancellation, progress, GIT_DIRECTION_PUSH);
        session.connect();
        tip = remote_tip(session, branch);
        folder = session.folder();
        reply = send(session, repository, branch, commit, tip, durable);
    }
    if (reply.outcome == Outcome::refused &&
        moved_meanwhile(repository, address, cancellation, branch, tip)) {
        reply.outcome = Outcome::not_fast_forward;
    }
    if (reply.outcome == Outcome::accepted) {
        const TrackingRef tracking(repository, remote_name, branch);
        if (!tracking.at(commit)) {
            tracking.move(commit, "push");
        }
        if (folder && tip != commit) keep_packs_few(*folder, cancellation);
    }
    return reply;
}

}  // namespace fluentsync::git
