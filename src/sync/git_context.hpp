/// What the git hops share. Local lane only.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "fluentsync/options.hpp"
#include "git/index_marks.hpp"
#include "git/repository.hpp"
#include "git/tree.hpp"
#include "store/ledger.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

/// Name of the remote-tracking references and of the remote that people's own git commands see.
inline constexpr const char* kRemoteName = "origin";

/// Named value of the database: the URL that we gave it there.
inline constexpr const char* kConfiguredRemote = "configured_remote";

/// Named value of the database: the tree that the index was last brought to.
inline constexpr const char* kIndexTree = "index_tree";

/// A tip of the remote's that is too large to be walked through: that it is, is found out once.
struct RefusedTip {
    base::ObjectId tip;
    std::optional<base::ObjectId> head;
    std::string why;
};

/// Named value of the database: what the last look at loose objects said (see git::look_at_loose_objects()).
/// Without it the next opening looks at everything.
inline constexpr const char* kObjectsWhole = "objects_whole";

struct GitContext {
    SyncContext& sync;
    const GitOptions& options;
    git::MarkedPaths& marks;
    git::Repository repository;
    std::optional<RefusedTip> refused = {};
    /// Where HEAD was before it moved, the last few times.
    std::deque<base::ObjectId> left_trees = {};

    std::string branch_ref() const { return "refs/heads/" + repository.head().branch; }
};

/// Where the remote's branch of HEAD's name was last seen. None on a detached HEAD.
inline std::optional<base::ObjectId> tracked_commit(const git::Repository& repository,
                                                    const git::Head& head) {
    return head.branch.empty()
               ? std::nullopt
               : repository.ref(std::string("refs/remotes/") + kRemoteName + "/" + head.branch);
}

inline std::optional<base::ObjectId> tree_of(const GitContext& git,
                                             const std::optional<base::ObjectId>& commit) {
    return commit ? std::optional(git.repository.commit_info(*commit).tree) : std::nullopt;
}

struct HeadTree {
    git::Head head;
    std::optional<base::ObjectId> tree;
};

/// A person is at work in the repository, or it is not as the options say: commits and pulls wait.
class StandsBack : public Error {
  public:
    using Error::Error;
};

/// Throws StandsBack: Error(repository_busy) in the middle of a person's merge or rebase, Error(repository)
/// on a detached HEAD or another branch than options.branch: one line that says what to do.
void require_quiet_repository(const GitContext& git);
bool is_quiet(const GitContext& git);
/// The same, and also where a person has conflicts to resolve, Error(repository_busy): files hold their
/// markers; and where the index has the state folder, see tracked_state.hpp.
void require_no_conflicts(const GitContext& git);

/// HEAD and its tree, with the ledger's `committed` column brought to it when HEAD has moved since the last
/// look (a person's commit, a crash). Cost: the difference of the two trees. Throws StandsBack where HEAD has
/// moved to one that has the state folder.
HeadTree follow_head(GitContext& git);

/// The same whatever is known: each row is compared with HEAD's tree. After work that said of rows what HEAD
/// was going to have, and then came to nothing.
void follow_head_afresh(GitContext& git);

/// What the ledger's `committed` must say of a row that came to be while HEAD had something at its path.
std::optional<base::ObjectId> committed_at_head(GitContext& git, const store::LedgerRow& row);

/// The row of a path that is git's alone, an editor's litter that a commit brought: nobody but git moves it,
/// so that it says what HEAD has and is never to commit.
void leave_to_git(store::Connection& connection, store::LedgerRow row,
                  const std::optional<git::TreeFile>& head);

/// follow_head() before work on files, which goes on whatever state the repository is in.
void follow_head_if_quiet(GitContext& git);

/// Records that HEAD is at `commit` and the ledger knows its tree.
void remember_head(store::Connection& connection, const base::ObjectId& commit);

/// Who a commit of ours names: the options' word, else what git itself would take, else FluentSync.
git::Identity identity_of(const GitContext& git, git::Role role);

}  // namespace fluentsync::sync
