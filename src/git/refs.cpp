/// HEAD and references.
#include "base/text.hpp"
#include "git/repository_state.hpp"
#include "git/shared_modes.hpp"
#include "git/stale_lock.hpp"

namespace fluentsync::git {

namespace {

/// Where a lookup ends: the id of a reference, through symbolic ones. Nothing when it is not there.
std::optional<base::ObjectId> id_of(git_repository* repository, const std::string& name) {
    git_oid oid{};
    const int code = git_reference_name_to_id(&oid, repository, name.c_str());
    if (code == GIT_ENOTFOUND) return std::nullopt;
    if (code < 0) fail(code, "reference " + base::printable(name) + " cannot be read");
    return from_oid(oid);
}

/// A lock over an existing name, or under one, would make two references that exclude each other.
void check_name_is_free(git_repository* repository, const std::string& name) {
    for (auto slash = name.find('/', kHeads.size()); slash != std::string::npos;
         slash = name.find('/', slash + 1)) {
        if (id_of(repository, name.substr(0, slash))) {
            throw Error(ErrorCode::repository, "reference " + base::printable(name) + " cannot be made: " +
                                                   base::printable(name.substr(0, slash)) + " is in its way");
        }
    }
    ReferenceIteratorPtr below;
    check(git_reference_iterator_glob_new(out(below), repository, (name + "/*").c_str()),
          "references cannot be listed");
    const char* other = nullptr;
    if (git_reference_next_name(&other, below.get()) == 0) {
        throw Error(ErrorCode::repository, "reference " + base::printable(name) + " cannot be made: " +
                                               base::printable(other) + " is in its way");
    }
}

}  // namespace

void check_branch_name(const std::string& branch) {
    int valid = 0;
    if (git_branch_name_is_valid(&valid, branch.c_str()) < 0 || !valid) {
        throw Error(ErrorCode::invalid_argument, "\"" + base::printable(branch) + "\" is no branch name");
    }
}

Head Repository::head() const {
    ReferencePtr reference;
    int code = git_reference_lookup(out(reference), raw(), "HEAD");
    if (code < 0) fail(code, "HEAD cannot be read: point it at a branch with git symbolic-ref", folder());
    Head head;
    if (git_reference_type(reference.get()) == GIT_REFERENCE_DIRECT) {
        head.detached = true;
        head.commit = from_oid(*git_reference_target(reference.get()));
        return head;
    }
    const std::string target = git_reference_symbolic_target(reference.get());
    if (target.compare(0, kHeads.size(), kHeads) != 0) {
        throw Error(ErrorCode::repository, "HEAD names " + base::printable(target) + ", which is no branch",
                    folder());
    }
    head.branch = target.substr(kHeads.size());
    head.commit = id_of(raw(), target);
    return head;
}

void Repository::set_unborn_branch(const std::string& branch) {
    check_branch_name(branch);
    if (head().commit) {
        throw Error(ErrorCode::misuse, "HEAD has commits: it is not pointed at " + base::printable(branch),
                    folder());
    }
    check(git_repository_set_head(raw(), (std::string(kHeads) + branch).c_str()), "HEAD cannot be set");
}

std::optional<base::ObjectId> Repository::ref(const std::string& name) const {
    ReferencePtr reference;
    int code = git_reference_lookup(out(reference), raw(), name.c_str());
    if (code == GIT_ENOTFOUND) return std::nullopt;
    if (code < 0) fail(code, "reference " + base::printable(name) + " cannot be read");
    if (!id_of(raw(), name)) return std::nullopt;  // symbolic, to a branch that is not born
    ObjectPtr commit;
    code = git_reference_peel(out(commit), reference.get(), GIT_OBJECT_COMMIT);
    if (code < 0)
        fail(code, "reference " + base::printable(name) + " leads to no commit", {}, ErrorCode::corrupt);
    return from_oid(*git_object_id(commit.get()));
}

std::optional<base::ObjectId> Repository::names(const std::string& name) const {
    return id_of(raw(), name);
}

// Under the reference's own lock, so that the comparison holds also for "must not exist", which
// git_reference_create_matching() checks before it locks.
void Repository::move_ref(const std::string& name, const base::ObjectId& target,
                          const std::optional<base::ObjectId>& expected, const std::string& log_message) {
    int valid = 0;
    if (git_reference_name_is_valid(&valid, name.c_str()) < 0 || !valid) {
        throw Error(ErrorCode::invalid_argument, "\"" + base::printable(name) + "\" is no reference name");
    }
    if (!has_object(target)) {
        throw Error(ErrorCode::repository, "reference " + base::printable(name) + " cannot be moved to " +
                                               target.hex() + ": there is no such object");
    }
    LockMark mark;  // Goes after the lock.
    TransactionPtr transaction;
    check(git_transaction_new(out(transaction), raw()), "a reference cannot be moved");
    int code = lock_ref(transaction.get(), raw(), name, mark);
    if (code == GIT_ELOCKED) {
        throw Error(ErrorCode::repository_busy,
                    base::printable(git_repository_commondir(raw()) + name) +
                        ".lock locks the branch: somebody's git is at work; remove that file if none is",
                    folder());
    }
    if (code < 0) fail(code, "reference " + base::printable(name) + " cannot be locked");
    if (id_of(raw(), name) != expected) {
        throw Error(ErrorCode::ref_moved,
                    "reference " + base::printable(name) + " was moved by somebody else");
    }
    if (!expected) check_name_is_free(raw(), name);
    const git_oid oid = to_oid(target);
    check(git_transaction_set_target(transaction.get(), name.c_str(), &oid, nullptr, log_message.c_str()),
          "a reference cannot be moved");
    code = git_transaction_commit(transaction.get());
    if (code < 0) fail(code, "reference " + base::printable(name) + " cannot be moved");
    shared_modes().widen_reference(name);
}

}  // namespace fluentsync::git
