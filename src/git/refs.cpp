/// HEAD, references and their locks.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "base/text.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::chrono::seconds kStaleLock{60};

/// Where a lookup ends: the id of a reference, through symbolic ones. Nothing when it is not there.
std::optional<base::ObjectId> id_of(git_repository* repository, const std::string& name) {
    git_oid oid{};
    const int code = git_reference_name_to_id(&oid, repository, name.c_str());
    if (code == GIT_ENOTFOUND) return std::nullopt;
    if (code < 0) fail(code, "reference " + base::printable(name) + " cannot be read");
    return from_oid(oid);
}

/// First bytes of a small file; nothing when it cannot be opened.
std::optional<std::string> head_of_file(const std::string& path, struct stat& stat) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return std::nullopt;
    std::array<char, 128> bytes{};
    const ssize_t count = ::fstat(file, &stat) == 0 ? ::read(file, bytes.data(), bytes.size()) : -1;
    ::close(file);
    if (count < 0) return std::nullopt;
    return std::string(bytes.data(), static_cast<std::size_t>(count));
}

bool older_than(const struct stat& stat, std::chrono::seconds age) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return stat.st_mtim.tv_sec + age.count() < now;
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

/// The one place that touches .git beside libgit2, which has no word for it: a lock of a process that died
/// would block every later commit, also after a restart. Other git programs hold a reference's lock for
/// milliseconds and never take one away themselves, and of ours only the folder's owner runs, so a look, and
/// a second one right before the removal, suffice.
bool remove_stale_lock(const Repository& repository, const std::string& name) {
    const std::string path = git_repository_commondir(repository.raw()) + name + ".lock";
    struct stat seen {};
    auto content = head_of_file(path, seen);
    if (!content || !S_ISREG(seen.st_mode) || !older_than(seen, kStaleLock)) return false;
    if (!content->empty() && content->back() == '\n') content->pop_back();
    if (!content->empty()) {
        const auto id = base::ObjectId::from_hex(*content);
        if (!id || !repository.has_object(*id)) return false;
    }
    struct stat now {};
    if (::lstat(path.c_str(), &now) != 0 || now.st_ino != seen.st_ino ||
        now.st_mtim.tv_sec != seen.st_mtim.tv_sec || now.st_size != seen.st_size) {
        return false;
    }
    return ::unlink(path.c_str()) == 0;
}

int lock_ref(TransactionPtr& transaction, git_repository* repository, const std::string& name) {
    check(git_transaction_new(out(transaction), repository), "a reference cannot be moved");
    return git_transaction_lock_ref(transaction.get(), name.c_str());
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
    TransactionPtr transaction;
    int code = lock_ref(transaction, raw(), name);
    if (code == GIT_ELOCKED && remove_stale_lock(*this, name)) code = lock_ref(transaction, raw(), name);
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
}

}  // namespace fluentsync::git
