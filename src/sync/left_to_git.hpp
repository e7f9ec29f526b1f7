/// Paths that only git itself can carry, since its attributes ask for a conversion (see git_form.hpp), or
/// since HEAD has a link or a submodule there: they are in step between store and folder, held towards git,
/// and known by a note until nothing asks for it any more.
#pragma once

#include <string>
#include <vector>

#include "sync/git_context.hpp"
#include "sync/git_form.hpp"

namespace fluentsync::sync {

/// Why a file waits that stands where HEAD has something that is no file.
inline constexpr const char* kInPlaceOfLink =
    "git has a symbolic link or a submodule of this name: the file here is not committed; move it, or put it "
    "in "
    "the other's place with git add and commit";

struct LeftToGit {
    store::LedgerRow row;
    std::string reason;
};

/// Notes and lists them. Not among the context's holds: what store and folder exchange goes on.
void leave_to_git(GitContext& git, const std::vector<LeftToGit>& paths);

/// Lets those go that may be committed now, or have nothing left to commit. Costs one look at the database
/// where there are none.
void take_back_from_git(GitContext& git);

}  // namespace fluentsync::sync
