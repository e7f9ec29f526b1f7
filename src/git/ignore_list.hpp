/// The patterns of one ignore file, as git reads them (dir.c).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/glob.hpp"

namespace fluentsync::git {

class IgnoreList {
  public:
    enum class Verdict { ignored, kept };

    /// `text`: lines as in a .gitignore. They speak of paths below `folder` ("" is the root).
    IgnoreList(std::string_view text, std::string folder, Glob::Case letters);

    bool empty() const { return patterns_.empty(); }
    /// What the last line that matches says; nothing where none does. `path` is of the root, below the
    /// folder.
    std::optional<Verdict> verdict(std::string_view path, bool is_folder) const;

  private:
    struct Pattern {
        bool keeps = false;        ///< It began with '!'.
        bool of_folders = false;   ///< It ended with '/'.
        bool of_names = false;     ///< No other '/' in it: of the last segment, in any folder below.
        std::string literal;       ///< What comes before the first wildcard.
        std::optional<Glob> glob;  ///< The rest, where there is one.
        std::string suffix;        ///< Of "*suffix", instead of both.
    };

    void add(std::string_view line);
    bool matches(const Pattern& pattern, std::string_view below, std::string_view name) const;
    bool equal(std::string_view a, std::string_view b) const;

    std::string folder_;
    Glob::Case letters_;
    std::vector<Pattern> patterns_;
};

}  // namespace fluentsync::git
