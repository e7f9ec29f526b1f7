#include <algorithm>

#include "fluentsync/error.hpp"
#include "git/object_writer.hpp"
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
    session.download(wanted, tracking.name());
    session.check_cancelled();
    repository.shared_modes().widen_packs();
    if (durable) {
        sync_objects(repository);  // libgit2 leaves what it fetched to the system's own time.
    }
    tracking.move(*result.tip, "fetch");
    return result;
}

}  // namespace fluentsync::git
