#include "git/tracked_state.hpp"

#include "codec/reserved_names.hpp"
#include "git/tree_read.hpp"

namespace fluentsync::git {

std::string state_folder_in(const Repository& repository, const base::ObjectId& tree) {
    const TreeReading root(repository.raw(), tree);
    for (const TreeEntry& entry : root.entries())
        if (codec::is_dot_fluentsync(entry.name)) return std::string(entry.name);
    return {};
}

}  // namespace fluentsync::git
