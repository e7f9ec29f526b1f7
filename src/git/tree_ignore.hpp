/// What a tree's own .gitignore files ignore, whatever the disk and this machine's configuration say: every
/// clone of the tree answers alike.
#pragma once

#include <optional>
#include <string>

#include "git/ignore_rules.hpp"
#include "git/tree_lookup.hpp"

namespace fluentsync::git {

/// Reads only the .gitignore files on the way to the paths that are asked about, each once.
class TreeIgnoreRules {
  public:
    TreeIgnoreRules(Repository& repository, const base::ObjectId& tree);
    bool ignore(const std::string& path) { return rules_.ignore(path); }

  private:
    std::optional<std::string> text_of(const std::string& folder);

    Repository& repository_;
    TreeLookup tree_;
    IgnoreRules rules_;
};

}  // namespace fluentsync::git
