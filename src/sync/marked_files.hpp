/// Files that a person has marked in git's index (skip-worktree, assume-unchanged), as with git: what is
/// edited in one is never committed, no pull writes over the edit, and one that is not there (`git
/// sparse-checkout`) is neither deleted nor made. Store and folder go on exchanging those that are there. An
/// edit that git is not to have is held, and told, until the mark goes or the file is as HEAD has it again.
///
/// A marked file that was edited here outlives its removal by the remote, and its mark with the entry: it
/// stays the person's own until they add it to git, or remove it.
#pragma once

#include <string>
#include <vector>

#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Why the edit of such a file stays here.
inline constexpr const char* kMarkedReason =
    "marked in git's index (skip-worktree or assume-unchanged): what is here stays here, nothing of it is "
    "committed; git update-index --no-skip-worktree --no-assume-unchanged FILE ends that";

enum class LeftAlone {
    edited,   ///< What is here differs from what HEAD has.
    removed,  ///< HEAD has nothing there any more.
    absent,   ///< No file is here, and the store has another version.
};

/// Held, for git's sake alone; told once.
void hold_marked(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path,
                 LeftAlone why);
/// Held as LeftAlone::removed.
bool outlived_its_removal(store::Connection& connection, const std::string& path);

/// Lets go what is held so and need not be any more. Returns those paths: they are to be looked at.
std::vector<std::string> let_go_unmarked(GitContext& git);

/// Whether the path is marked and no file is there: neither side may make anything of that.
bool is_left_out(const SyncContext& context, const std::string& path);

}  // namespace fluentsync::sync
