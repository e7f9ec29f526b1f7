/// What pulls that failed half-way, and were given up, have brought here all the same. It counts as local
/// work, so that nothing waits for the remote. But whatever is made of it here was made from the remote's
/// version: that one is the base when the two meet again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/tree.hpp"
#include "store/ledger.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Path to a version of the remote's.
using RemoteFiles = std::map<std::string, git::TreeFile>;

/// A pull on its way: written down before it begins.
struct PullNote {
    base::ObjectId target;  ///< What HEAD is going to be: the remote's commit, or a merge with it.
    std::string from;       ///< The commit that HEAD was at; "-": none.
    base::ObjectId tip;     ///< The remote's commit.
    std::string branch;     ///< Empty: not known.

    std::string text() const;
    static std::optional<PullNote> parse(const std::string& text);
};

/// The remote's versions that the pull has placed by now, or that what is here was made from; before the
/// ledger follows HEAD again. What has been put back to HEAD's version since is not among them.
RemoteFiles brought_by(GitContext& git, const PullNote& pull);

/// In the transaction that gives up `pull`.
void note_given_up(store::Connection& connection, const PullNote& pull, const RemoteFiles& brought);
/// In that of `commit`, ours: it has what was brought, or what was made of it. What a person has taken out of
/// HEAD again counts only where it is here as it was brought: else it may have been made from anything.
void take_up_given_up(store::Connection& connection, const std::vector<store::LedgerRow>& committed,
                      const base::ObjectId& commit);
/// Once the remote's history is part of HEAD's.
void forget_given_up(store::Connection& connection);

/// What counts for HEAD's branch while HEAD does not contain the remote's commit in question.
struct GivenUp {
    /// HEAD was made from them: it contains our commit that took them up, or has them as they are.
    RemoteFiles in_head;
    /// The files here were made from them, HEAD was not.
    RemoteFiles in_folder_only;
};
GivenUp given_up_files(GitContext& git);

}  // namespace fluentsync::sync
