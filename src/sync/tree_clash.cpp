#include "sync/tree_clash.hpp"

#include <utility>

namespace fluentsync::sync {

TreeClash::TreeClash(git::Repository& repository, const base::ObjectId& tree, std::set<std::string> removed)
    : repository_(repository), tree_(repository, tree), removed_(std::move(removed)) {}

TreeClash::Takes TreeClash::takes(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (stands_as_file(path.substr(0, slash))) {
            return Takes::other;
        }
    }
    if (const auto folder = tree_.folder(path)) {
        return stays_as_folder(*folder, path) ? Takes::other : Takes::nothing;
    }
    const auto file = tree_.file(path);
    return file && git::is_link_or_submodule(file->mode) ? Takes::link_or_submodule : Takes::nothing;
}

bool TreeClash::stands_as_file(const std::string& folder) {
    return tree_.file(folder) && removed_.count(folder) == 0;
}

bool TreeClash::stays_as_folder(const base::ObjectId& folder, const std::string& path) {
    bool stands = false;
    git::for_each_file(repository_, folder, [&](const std::string& file, const git::TreeFile&) {
        stands = stands || removed_.count(path + "/" + file) == 0;
    });
    return stands;
}

}  // namespace fluentsync::sync
