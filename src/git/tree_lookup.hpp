/// Many questions to one tree: each folder on the way is read once, not once for each question.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "git/tree.hpp"

struct git_tree_entry;

namespace fluentsync::git {

/// Cost of a question: a binary search in each folder on the way; reading one is linear in its size. What was
/// read is kept up to a bound of entries, then forgotten at once: ask in the order of paths where there are
/// very many. Not for two threads at a time. A tree that cannot be read throws Error(corrupt).
class TreeLookup {
  public:
    /// `tree`: nothing is the empty one.
    TreeLookup(Repository& repository, const std::optional<base::ObjectId>& tree);
    TreeLookup(const TreeLookup&) = delete;
    TreeLookup& operator=(const TreeLookup&) = delete;
    ~TreeLookup();

    /// What is no folder at `path`: a file, a link, a submodule.
    std::optional<TreeFile> file(const std::string& path);
    /// The folder at `path`; "" is the root.
    std::optional<base::ObjectId> folder(const std::string& path);

    std::size_t trees_read() const { return trees_read_; }

  private:
    struct Folder;
    /// Null: nothing is there.
    const git_tree_entry* find(const std::string& path);
    const Folder* open(const std::string& path);
    const Folder* keep(const std::string& path, const std::optional<base::ObjectId>& id);

    Repository& repository_;
    const std::optional<base::ObjectId> tree_;
    std::map<std::string, std::unique_ptr<Folder>> folders_;  ///< Null: there is none.
    std::size_t entries_ = 0;                                 ///< In all of them.
    std::size_t trees_read_ = 0;
};

}  // namespace fluentsync::git
