/// Files to git: one commit of exactly what changed.
#pragma once

#include <string>

#include "fluentsync/status.hpp"
#include "git/tree.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Commits every path whose agreed content is not HEAD's. Blobs come from contents that store and file agreed
/// on, never from a file that has moved on. No difference: no commit, and the result's commit is empty. When
/// the new tree is the remote branch's and that branch is ahead of HEAD, HEAD moves there instead of a commit
/// (a pull that a crash cut short).
CommitResult commit_pending(GitContext& git, const std::string& message);

/// `text` with {added}, {modified}, {deleted}, {total} and {files} replaced.
std::string fill_template(const std::string& text, const git::TreeCounts& counts, const std::string& files);

}  // namespace fluentsync::sync
