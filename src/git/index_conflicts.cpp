/// Looks for conflicts in the index, once for each version of the file.
#include <git2.h>

#include "git/library.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

bool Repository::has_conflicts() const {
    const std::string path = item_path(raw(), GIT_REPOSITORY_ITEM_INDEX);
    const IndexStamp stamp = stamp_of(path);
    if (stamp == state_->conflicts_seen) return state_->conflicts;
    IndexPtr index;  // Of its own: the repository's would stay in memory for good.
    if (git_index_open(out(index), path.c_str()) < 0) return false;
    state_->conflicts = git_index_has_conflicts(index.get()) == 1;
    state_->conflicts_seen = stamp;
    return state_->conflicts;
}

}  // namespace fluentsync::git
