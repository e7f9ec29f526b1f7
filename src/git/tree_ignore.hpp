/// What a tree's own .gitignore files ignore, whatever the disk and this machine's configuration say: every
/// clone of the tree answers alike.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "git/repository.hpp"

namespace fluentsync::git {

/// Reads only the .gitignore files on the way to the paths that are asked about, each once.
class TreeIgnoreRules {
  public:
    TreeIgnoreRules(Repository& repository, const base::ObjectId& tree);
    TreeIgnoreRules(const TreeIgnoreRules&) = delete;
    TreeIgnoreRules& operator=(const TreeIgnoreRules&) = delete;
    ~TreeIgnoreRules();
    bool ignore(const std::string& path);

  private:
    struct Matcher;
    void load(const std::string& folder);

    Repository& repository_;
    const base::ObjectId tree_;
    std::set<std::string> loaded_;      ///< Folders.
    std::unique_ptr<Matcher> matcher_;  ///< None while there is no rule.
};

}  // namespace fluentsync::git
