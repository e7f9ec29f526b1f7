#include "git/local_config.hpp"

#include "git/library.hpp"
#include "git/shared_modes.hpp"
#include "git/stale_lock.hpp"

namespace fluentsync::git {

namespace {

int change_once(git_repository* repository, const std::function<int(git_config*)>& change) {
    ConfigPtr config;
    TransactionPtr transaction;
    int code = git_config_open_ondisk(out(config), item_path(repository, GIT_REPOSITORY_ITEM_CONFIG).c_str());
    if (code == 0) code = git_config_lock(out(transaction), config.get());
    if (code < 0) return code;
    code = change(config.get());
    if (code == 0) return git_transaction_commit(transaction.get());
    (void)config.release();  // libgit2 1.5 frees it with a transaction that is not committed.
    return code;
}

}  // namespace

int change_local_config(git_repository* repository, const std::function<int(git_config*)>& change) {
    int code = change_once(repository, change);
    if (code == GIT_ELOCKED && remove_stale_config_lock(repository)) code = change_once(repository, change);
    if (code == 0) SharedModes(repository).widen(item_path(repository, GIT_REPOSITORY_ITEM_CONFIG));
    return code;
}

}  // namespace fluentsync::git
