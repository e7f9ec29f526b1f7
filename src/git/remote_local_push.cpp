#include "git/remote_local_push.hpp"

#include "git/join_packs.hpp"
#include "git/leftovers.hpp"
#include "git/library.hpp"
#include "git/open_repository.hpp"
#include "git/shared_modes.hpp"
#include "git/stale_lock.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

using SignaturePtr = std::unique_ptr<git_signature, Freed<git_signature_free>>;

int on_pack_stage(int, std::uint32_t, std::uint32_t, void* payload) {
    return static_cast<RemoteSession*>(payload)->go_on();
}

int on_pack_written(const git_indexer_progress* stats, void* payload) {
    return static_cast<RemoteSession*>(payload)->report(stats->received_objects, stats->total_objects);
}

/// Writes what `commit` needs and the remote's branches do not have.
void send_objects(RemoteSession& session, Repository& repository, git_repository* remote,
                  const base::ObjectId& commit) {
    PackBuilderPtr pack;
    session.check(git_packbuilder_new(out(pack), repository.raw()));
    session.check(git_packbuilder_set_callbacks(pack.get(), on_pack_stage, &session));

    RevwalkPtr walk;
    session.check(git_revwalk_new(out(walk), repository.raw()));
    const git_oid wanted = to_oid(commit);
    session.check(git_revwalk_push(walk.get(), &wanted));
    for (const RemoteBranch& branch : session.branches()) {
        if (repository.has_object(branch.tip)) {
            const git_oid have = to_oid(branch.tip);
            session.check(git_revwalk_hide(walk.get(), &have));
        }
    }
    session.check(git_packbuilder_insert_walk(pack.get(), walk.get()));
    if (git_packbuilder_object_count(pack.get()) > 0) {
        const std::string folder = item_path(remote, GIT_REPOSITORY_ITEM_OBJECTS) + "pack";
        session.check(git_packbuilder_write(pack.get(), folder.c_str(), 0, on_pack_written, &session));
    }
}

PushStatus refused(const char* words) {
    return {true, words, {}};
}

PushStatus refused_by_libgit2() {
    const git_error* const last = git_error_last();
    return refused(last ? last->message : "the reference cannot be written");
}

bool still_at(git_repository* remote, const std::string& ref, const std::optional<base::ObjectId>& tip) {
    git_oid current{};
    if (git_reference_name_to_id(&current, remote, ref.c_str()) < 0) {
        return !tip;
    }
    return tip && from_oid(current) == *tip;
}

PushStatus move_branch(RemoteSession& session, git_repository* remote, const std::string& ref,
                       const base::ObjectId& commit, const std::optional<base::ObjectId>& tip) {
    LockMark mark;  // Goes after the lock.
    TransactionPtr transaction;
    session.check(git_transaction_new(out(transaction), remote));
    if (const int code = lock_ref(transaction.get(), remote, ref, mark); code < 0) {
        if (code != GIT_ELOCKED) return refused_by_libgit2();
        const std::string lock = old_ref_lock(remote, ref);
        return lock.empty()
                   ? refused("fetch first")
                   : PushStatus{true, lock + " locks it: remove that file if no git is at work there", {}};
    }
    if (!still_at(remote, ref, tip)) {
        return refused("fetch first");
    }
    SignaturePtr signature;
    session.check(git_signature_now(out(signature), "FluentSync", "fluentsync@localhost"));
    const git_oid target = to_oid(commit);
    if (git_transaction_set_target(transaction.get(), ref.c_str(), &target, signature.get(), "push") < 0 ||
        git_transaction_commit(transaction.get()) < 0) {
        return refused_by_libgit2();
    }
    return {true, std::nullopt, {}};
}

}  // namespace

PushStatus push_to_folder(RemoteSession& session, Repository& repository, const std::string& branch,
                          const base::ObjectId& commit, const std::optional<base::ObjectId>& tip,
                          bool durable) {
    RepositoryPtr remote;
    session.check(open_bare(remote, *session.folder()));
    if (!git_repository_is_bare(remote.get())) {
        return refused("the remote has a work tree: push to a bare repository (git init --bare)");
    }
    remove_leftovers(remote.get());  // Nobody else looks for what a push of ours left there when it died.
    send_objects(session, repository, remote.get(), commit);
    session.check_cancelled();
    const SharedModes shared_modes(remote.get());
    shared_modes.widen_packs();
    if (durable) {
        sync_objects(remote.get());
    }
    const std::string ref = std::string(kHeads) + branch;
    PushStatus status = move_branch(session, remote.get(), ref, commit, tip);
    shared_modes.widen_reference(ref);
    return status;
}

void keep_packs_few(const std::string& folder, const Cancellation& cancellation) {
    RepositoryPtr remote;
    if (open_bare(remote, folder) < 0) return;
    try {
        join_packs(remote.get(), item_path(remote.get(), GIT_REPOSITORY_ITEM_OBJECTS),
                   [&] { return cancellation.cancelled(); });
    } catch (const Error&) {  // The push has come through.
    }
}

}  // namespace fluentsync::git
