/// Files and folders of one name, here and in git.
#pragma once

#include <set>
#include <string>

#include "git/tree_lookup.hpp"

namespace fluentsync::sync {

/// What a new file would take from a tree that nobody has removed: a folder, a symbolic link or a submodule
/// of its name, or a file where it has a folder.
class TreeClash {
  public:
    enum class Takes { nothing, link_or_submodule, other };
    /// `removed`: files of the tree that go in the same commit.
    TreeClash(git::Repository& repository, const base::ObjectId& tree, std::set<std::string> removed);
    Takes takes(const std::string& path);

  private:
    bool stands_as_file(const std::string& folder);
    bool stays_as_folder(const base::ObjectId& folder, const std::string& path);

    git::Repository& repository_;
    git::TreeLookup tree_;
    const std::set<std::string> removed_;
};

}  // namespace fluentsync::sync
