/// Looks for conflicts in the index, once for each version of the file. It may have 100,000 entries, and
/// every commit of ours makes a new one: what libgit2 reads and checks of it for this would take many times
/// as long.
#include "git/dot_git_file.hpp"
#include "git/index_form.hpp"
#include "git/library.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

bool any_conflict(std::string bytes, const std::string& path) {
    IndexWalk walk(bytes);
    while (walk.next()) {
        if (walk.stage() != 0) return true;
    }
    if (!walk.complete() || !index_extension(bytes, walk.end(), "link")) return false;
    const auto shared = [folder = path.substr(0, path.rfind('/') + 1)](const std::string& name) {
        return read_dot_git_file(folder + name);
    };
    const IndexForm joined = index_form(std::move(bytes), shared);
    for (IndexWalk all(joined.bytes); all.next();) {
        if (all.stage() != 0) return true;
    }
    return false;
}

}  // namespace

bool Repository::has_conflicts() const {
    const std::string path = item_path(raw(), GIT_REPOSITORY_ITEM_INDEX);
    const IndexStamp stamp = stamp_of(path);
    if (stamp.size < 0) return false;
    if (!(stamp == state_->conflicts_seen)) {
        state_->conflicts = any_conflict(read_dot_git_file(path).value_or(""), path);
        state_->conflicts_seen = stamp;
    }
    return state_->conflicts;
}

}  // namespace fluentsync::git
