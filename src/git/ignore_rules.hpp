/// Which files git ignores, for many of them at a time.
#pragma once

#include <map>
#include <string>

#include "git/repository.hpp"

namespace fluentsync::git {

/// libgit2 is asked only about files for which there is a rule at all: in a .gitignore on the way to them, in
/// info/exclude or in core.excludesFile. Remembers each folder: for one piece of work.
class IgnoreRules {
  public:
    explicit IgnoreRules(const Repository& repository);
    bool ignore(const std::string& path);

  private:
    /// The folder's own .gitignore or one above it has rules.
    bool has_rules(const std::string& folder);

    const Repository& repository_;
    const bool everywhere_;
    std::map<std::string, bool> folders_;
};

}  // namespace fluentsync::git
