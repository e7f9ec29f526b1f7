#include "sync/tree_clash.hpp"

#include <utility>

namespace fluentsync::sync {

TreeClash::TreeClash(git::Repository& repository, const base::ObjectId& tree, std::set<std::string> removed)
    : repository_(repository), tree_(tree), removed_(std::move(removed)) {}

TreeClash::Takes TreeClash::takes(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (stands_as_file(path.substr(0, slash))) {
            return Takes::other;
        }
    }
    const auto mode = git::mode_in_tree(repository_, tree_, path);
    if (!mode) {
        return Takes::nothing;
    }
    if (git::is_link_or_submodule(*mode)) {
        return Takes::link_or_submodule;
    }
    return *mode == git::kModeFolder && stays_as_folder(path) ? Takes::other : Takes::nothing;
}

bool TreeClash::stands_as_file(const std::string& folder) {
    const auto [known, is_new] = folders_.try_emplace(folder, false);
    if (is_new) {
        known->second =
            removed_.count(folder) == 0 && git::find_in_tree(repository_, tree_, folder).has_value();
    }
    return known->second;
}

/// Reads all of the tree, for that is rare.
bool TreeClash::stays_as_folder(const std::string& path) {
    const std::string below = path + "/";
    bool stands = false;
    git::for_each_file(repository_, tree_, [&](const std::string& file, const git::TreeFile&) {
        stands = stands || (file.rfind(below, 0) == 0 && removed_.count(file) == 0);
    });
    return stands;
}

}  // namespace fluentsync::sync
