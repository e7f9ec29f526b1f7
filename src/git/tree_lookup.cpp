#include "git/tree_lookup.hpp"

#include "git/library.hpp"
#include "git/tree_read.hpp"

namespace fluentsync::git {

namespace {

/// Some 50 MB. A folder that is larger than this alone is kept all the same.
constexpr std::size_t kMostEntries = 500'000;

}  // namespace

struct TreeLookup::Folder {
    base::ObjectId id;
    TreePtr tree;

    /// Null when there is none.
    const git_tree_entry* entry(const std::string& name) const {
        return git_tree_entry_byname(tree.get(), name.c_str());
    }
};

TreeLookup::TreeLookup(Repository& repository, const std::optional<base::ObjectId>& tree)
    : repository_(repository), tree_(tree) {}

TreeLookup::~TreeLookup() = default;

std::optional<TreeFile> TreeLookup::file(const std::string& path) {
    const git_tree_entry* const entry = find(path);
    if (!entry) return std::nullopt;
    const auto mode = static_cast<std::uint32_t>(git_tree_entry_filemode(entry));
    if (mode == kModeFolder) return std::nullopt;
    return TreeFile{from_oid(*git_tree_entry_id(entry)), mode};
}

const git_tree_entry* TreeLookup::find(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == 0) return nullptr;
    const bool at_root = slash == std::string::npos;
    const Folder* const parent = open(at_root ? std::string() : path.substr(0, slash));
    return parent ? parent->entry(at_root ? path : path.substr(slash + 1)) : nullptr;
}

std::optional<base::ObjectId> TreeLookup::folder(const std::string& path) {
    const Folder* const found = open(path);
    return found ? std::optional(found->id) : std::nullopt;
}

/// From the root down, for a parent may have to be read first.
const TreeLookup::Folder* TreeLookup::open(const std::string& path) {
    if (const auto known = folders_.find(path); known != folders_.end()) return known->second.get();
    if (path.empty()) return keep(path, tree_);
    const git_tree_entry* const entry = find(path);
    if (!entry || git_tree_entry_filemode(entry) != GIT_FILEMODE_TREE) return keep(path, std::nullopt);
    return keep(path, from_oid(*git_tree_entry_id(entry)));
}

const TreeLookup::Folder* TreeLookup::keep(const std::string& path, const std::optional<base::ObjectId>& id) {
    auto folder = std::make_unique<Folder>();
    std::size_t size = 1;
    if (id) {
        const git_oid oid = to_oid(*id);
        const int code = git_tree_lookup(out(folder->tree), repository_.raw(), &oid);
        if (code < 0) fail(code, "tree " + id->hex() + " cannot be read", path, ErrorCode::corrupt);
        folder->id = *id;
        size += git_tree_entrycount(folder->tree.get());
        ++trees_read_;
    } else {
        folder.reset();
    }
    if (entries_ + size > kMostEntries) {
        folders_.clear();
        entries_ = 0;
    }
    entries_ += size;
    return (folders_[path] = std::move(folder)).get();
}

}  // namespace fluentsync::git
