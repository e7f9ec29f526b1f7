#include "sync/tree_clash.hpp"

#include <utility>

namespace fluentsync::sync {

TreeClash::TreeClash(git::Repository& repository, const base::ObjectId& tree, std::set<std::string> removed)
    : repository_(repository), tree_(repository, tree), removed_(std::move(removed)) {}

bool TreeClash::replaces(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (stands_as_file(path.substr(0, slash))) {
            return true;
        }
    }
    return stands_as_folder(path);
}

bool TreeClash::stands_as_file(const std::string& folder) {
    return tree_.file(folder) && removed_.count(folder) == 0;
}

bool TreeClash::stands_as_folder(const std::string& path) {
    const auto folder = tree_.folder(path);
    if (!folder) {
        return false;
    }
    bool stands = false;
    git::for_each_file(repository_, folder, [&](const std::string& file, const git::TreeFile&) {
        stands = stands || removed_.count(path + "/" + file) == 0;
    });
    return stands;
}

}  // namespace fluentsync::sync
