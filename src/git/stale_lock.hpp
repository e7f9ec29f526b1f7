/// Lock files of references that a process left when it died. For bodies of this floor only.
#pragma once

#include <string>

#include "git/library.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::git {

/// Takes away the locks beside .git's own files whose work was done when their process died.
void remove_finished_locks(git_repository* repository);

/// Takes the lock of reference `name` away when a dead process left it: it is older than a minute and holds
/// nothing, a part of an id, or the id of an object that is in the database; or its work was done. True: it
/// is gone.
bool remove_stale_lock(git_repository* repository, const std::string& name);

/// The same for the configuration's lock, whatever it holds.
bool remove_stale_config_lock(git_repository* repository);

/// The same for the locks of a repository in the making, in which nothing was ever kept. `dot_git`: its .git.
bool remove_stale_init_locks(const std::string& dot_git);

/// Whether there is a lock file so old that hardly a living program holds it.
bool is_old_lock(const std::string& path);

/// The reference's lock file where it has been there for longer than a living git needs; else empty.
std::string old_ref_lock(git_repository* repository, const std::string& name);

/// Tells whose a reference's lock is, as long as it is held: a second name of it, beside it, that no git
/// takes for a reference, and the system's own lock on the file, which ends with the process. So what a
/// process of ours leaves when it dies is known for that at once. Where the file system has neither, nothing
/// is marked.
class LockMark {
  public:
    LockMark() = default;
    LockMark(const LockMark&) = delete;
    LockMark& operator=(const LockMark&) = delete;
    ~LockMark();
    /// The lock of this process, just taken.
    void set(const std::string& lock);

  private:
    std::string path_;
    runtime::UniqueFd file_;
};

/// git_transaction_lock_ref(), once more where a stale lock was in the way, or one of a process of ours that
/// is dead. `mark` outlives the transaction.
int lock_ref(git_transaction* transaction, git_repository* repository, const std::string& name,
             LockMark& mark);

}  // namespace fluentsync::git
