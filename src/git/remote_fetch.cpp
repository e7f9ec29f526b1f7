#include <algorithm>

#include "fluentsync/error.hpp"
#include "git/object_writer.hpp"
#include "git/quarantine.hpp"
#include "git/remote.hpp"
#include "git/remote_session.hpp"
#include "git/remote_tracking.hpp"
#include "git/repository_state.hpp"
#include "git/shared_modes.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

std::optional<base::ObjectId> tip_of(const std::vector<RemoteBranch>& branches, const std::string& name) {
    const auto found = std::find_if(branches.begin(), branches.end(),
                                    [&](const auto& branch) { return branch.name == name; });
    return found == branches.end() ? std::nullopt : std::optional(found->tip);
}

[[noreturn]] void refuse_too_large(const RemoteSession& session, const ObjectTooLarge& error) {
    throw Error(ErrorCode::too_large,
                "remote " + session.shown() + " sends more than it may: " + error.what() +
                    ". Is it the right one? If so, raise git.max_fetch_bytes",
                session.shown());
}

/// Only what git would keep gets in.
void download(Repository& repository, RemoteSession& session, const RemoteAddress& address,
              const std::string& branch, const TrackingRef& tracking, const base::ObjectId& tip,
              bool durable) {
    Quarantine quarantine(repository, static_cast<std::uint64_t>(address.max_fetch_bytes));
    try {
        try {
            session.download(branch, tracking.name());
        } catch (const Error&) {
            quarantine.rethrow_refusal();
            throw;
        }
        session.check_cancelled();
        quarantine.release(tip, durable, [&] { return session.go_on() < 0; });
    } catch (const ObjectTooLarge& large) {
        refuse_too_large(session, large);
    } catch (const UnsoundPack& unsound) {
        throw RefusedPack(
            "remote " + session.shown() + " sends what git refuses: " + unsound.what() +
                "; nothing of it is kept: git fsck in the remote tells more, pull again when it "
                "is mended",
            session.shown());
    }
}

}  // namespace

FetchResult fetch(Repository& repository, const RemoteAddress& address, const std::string& remote_name,
                  const std::string& branch, const Cancellation& cancellation,
                  const TransferProgress& progress, bool durable) {
    if (!branch.empty()) {
        check_branch_name(branch);
    }
    RemoteSession session(repository, address, cancellation, progress, GIT_DIRECTION_FETCH);
    session.connect();
    const std::vector<RemoteBranch> branches = session.branches();
    FetchResult result;
    result.empty = branches.empty();
    result.default_branch = session.default_branch();
    const std::string wanted = branch.empty() ? result.default_branch : branch;
    result.tip = tip_of(branches, wanted);
    if (wanted.empty()) {
        return result;
    }
    check_branch_name(wanted);
    const TrackingRef tracking(repository, remote_name, wanted);
    if (!result.tip) {
        tracking.remove();
        return result;
    }
    if (tracking.at(*result.tip)) {
        return result;
    }
    download(repository, session, address, wanted, tracking, *result.tip, durable);
    session.check_cancelled();
    repository.shared_modes().widen_packs();
    if (durable) {
        sync_objects(repository);  // libgit2 leaves what it fetched to the system's own time.
    }
    tracking.move(*result.tip, "fetch");
    return result;
}

}  // namespace fluentsync::git
