/// The state folder is no part of the repository.
#pragma once

#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// What git has at .fluentsync (in any spelling that some file system takes for it), a clone, a pull, a reset
/// or a stash of a person's puts there, whoever wrote it. So there is no work with git while HEAD or the
/// index has it: each throws StandsBack, Error(repository), with what to do.
void require_no_state_in_head(const GitContext& git, const base::ObjectId& tree);
void require_no_state_in_index(const GitContext& git);
/// Both of what is there now. What of HEAD cannot be read is left to who needs it.
void require_no_tracked_state(const GitContext& git);

/// The name by which HEAD or the index has it; empty: neither. Throws Error(corrupt).
std::string tracked_state(const git::Repository& repository, git::MarkedPaths& marks);

/// The same of a commit of the remote's, before it becomes HEAD: Error(invalid_key), a pull that failed.
void refuse_state_of_remote(const GitContext& git, const base::ObjectId& commit);

}  // namespace fluentsync::sync
