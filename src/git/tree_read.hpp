/// One tree, read and checked. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "git/library.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

/// Folders within folders beyond this cannot be paths of any file system; the stack is spared.
inline constexpr int kDeepestTree = 1000;

struct TreeEntry {
    std::string_view name;
    std::uint32_t mode = 0;  ///< As git normalises it.
    base::ObjectId id;
    bool folder() const { return mode == kModeFolder; }
    bool operator==(const TreeEntry&) const = default;
};

/// Git's order of entries: a folder counts as its name and '/'. Byte order of the paths that are below, too.
bool comes_before(const TreeEntry& a, const TreeEntry& b);

/// Throws Error(corrupt) when tree `id` is out of order, or holds a name twice, an empty one, or one with
/// '/'.
void check_entries(const base::ObjectId& id, const std::vector<TreeEntry>& entries);

/// Entries in git's order; their names live as long as this.
class TreeReading {
  public:
    TreeReading() = default;  ///< The empty tree.
    /// Throws Error(corrupt) when it cannot be read, and as check_entries() does.
    TreeReading(git_repository* repository, const std::optional<base::ObjectId>& id);
    const std::vector<TreeEntry>& entries() const { return entries_; }

  private:
    TreePtr tree_;
    std::vector<TreeEntry> entries_;
};

}  // namespace fluentsync::git
