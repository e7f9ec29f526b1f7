#include "sync/tree_clash.hpp"

#include <utility>

namespace fluentsync::sync {

TreeClash::TreeClash(git::Repository& repository, const base::ObjectId& tree, std::set<std::string> removed)
    : repository_(repository), tree_(tree), removed_(std::move(removed)) {}

bool TreeClash::replaces(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (stands_as_file(path.substr(0, slash))) {
            return true;
        }
    }
    return stands_as_folder(path);
}

bool TreeClash::stands_as_file(const std::string& folder) {
    const auto [known, is_new] = folders_.try_emplace(folder, false);
    if (is_new) {
        known->second =
            removed_.count(folder) == 0 && git::find_in_tree(repository_, tree_, folder).has_value();
    }
    return known->second;
}

/// Reads all of the tree where there is such a folder: that is rare.
bool TreeClash::stands_as_folder(const std::string& path) {
    if (!git::has_folder(repository_, tree_, path)) {
        return false;
    }
    const std::string below = path + "/";
    bool stands = false;
    git::for_each_file(repository_, tree_, [&](const std::string& file, const git::TreeFile&) {
        stands = stands || (file.rfind(below, 0) == 0 && removed_.count(file) == 0);
    });
    return stands;
}

}  // namespace fluentsync::sync
