#include "git/remote_tracking.hpp"

#include "git/library.hpp"
#include "git/shared_modes.hpp"
#include "git/stale_lock.hpp"

namespace fluentsync::git {

namespace {

bool has_commit(git_repository* repository, const git_oid& oid) {
    CommitPtr commit;
    return git_commit_lookup(out(commit), repository, &oid) == 0;
}

}  // namespace

TrackingRef::TrackingRef(Repository& repository, const std::string& remote_name, const std::string& branch)
    : repository_(repository), name_("refs/remotes/" + remote_name + "/" + branch) {}

bool TrackingRef::at(const base::ObjectId& commit) const {
    git_oid current{};
    const git_oid wanted = to_oid(commit);
    return git_reference_name_to_id(&current, repository_.raw(), name_.c_str()) == 0 &&
           git_oid_equal(&current, &wanted) && has_commit(repository_.raw(), wanted);
}

void TrackingRef::remove() const {
    git_oid current{};
    if (git_reference_name_to_id(&current, repository_.raw(), name_.c_str()) != 0) return;
    remove_stale_lock(repository_.raw(), name_);
    const int code = git_reference_remove(repository_.raw(), name_.c_str());
    if (code < 0) fail(code, "cannot remove " + name_, repository_.folder());
}

void TrackingRef::move(const base::ObjectId& commit, const char* log_message) const {
    const git_oid oid = to_oid(commit);
    if (!has_commit(repository_.raw(), oid)) {
        throw Error(ErrorCode::repository,
                    "the remote's branch names " + commit.hex() + ", which is no commit",
                    repository_.folder());
    }
    ReferencePtr reference;
    const auto create = [&] {
        return git_reference_create(out(reference), repository_.raw(), name_.c_str(), &oid, 1, log_message);
    };
    int code = create();
    if (code == GIT_ELOCKED && remove_stale_lock(repository_.raw(), name_)) code = create();
    if (code < 0) fail(code, "cannot move " + name_, repository_.folder());
    repository_.shared_modes().widen_reference(name_);
}

}  // namespace fluentsync::git
