/// Which files git ignores, for many of them at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/ignore_list.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

/// As `git check-ignore --no-index` decides. Each folder's .gitignore is read once, and only on the way to
/// what is asked about; no libgit2 here, whose matcher takes exponential time. Remembers what it has read:
/// for one piece of work.
class IgnoreRules {
  public:
    /// The text of a folder's own .gitignore ("" is the root); nothing where there is none.
    using Source = std::function<std::optional<std::string>(const std::string& folder)>;

    /// Also by .git/info/exclude and core.excludesFile. One of these that cannot be read ignores all.
    IgnoreRules(const Repository& repository, Source source);
    /// By the .gitignore files alone, whatever this machine is told.
    explicit IgnoreRules(Source source);
    IgnoreRules(const IgnoreRules&) = delete;
    IgnoreRules& operator=(const IgnoreRules&) = delete;
    ~IgnoreRules();

    /// Of a file, whether or not it is there.
    bool ignore(const std::string& path);

  private:
    struct Folder {
        bool ignored = false;  ///< Then nothing below is looked at, as in git.
        std::optional<IgnoreList> list;
        const Folder* above = nullptr;
    };

    void add_own_file(const std::string& path);
    const Folder& look_at(const std::string& folder);
    bool is_ignored(const Folder* parent, const std::string& path, bool is_folder) const;

    Source source_;
    Glob::Case letters_ = Glob::Case::counts;
    std::vector<IgnoreList> own_;  ///< Git's own files; the first counts most.
    std::map<std::string, Folder> folders_;
};

}  // namespace fluentsync::git
