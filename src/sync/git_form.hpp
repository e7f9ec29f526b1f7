/// The joint of file and HEAD: where the bytes of a file become a blob's, and a blob's a file's. Git's
/// attributes and configuration may ask for a conversion there. What only git itself can convert passes in
/// neither direction: it is held, and told.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/attributes.hpp"
#include "git/tree.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// For one piece of work. The attributes are those of the folder, as for git's own commits; `incoming` says
/// which of their files a pull brings, as for git's checkout. Where a .gitattributes is missing from the
/// folder, HEAD's counts.
class GitForm {
  public:
    explicit GitForm(GitContext& git, const std::vector<git::TreeDelta>& incoming = {});
    GitForm(const GitForm&) = delete;
    GitForm& operator=(const GitForm&) = delete;

    /// Why the path's file and blob are not exchanged, whatever they hold; empty: they may be.
    std::string bar(const std::string& path);
    /// Why these bytes are no blob's as they are; empty: they are.
    std::string bar_of_file(const std::string& path, std::string_view bytes);
    /// Why these bytes are no file's as they are; empty: they are.
    std::string bar_of_blob(const std::string& path, std::string_view bytes);
    /// Whether the bytes matter to bar_of_file() and bar_of_blob().
    bool depends_on_bytes(const std::string& path);
    git::MergeRule merge_rule(const std::string& path) { return attributes_.of(path).merge; }

  private:
    git::AttributeText attributes_of(const std::string& folder) const;

    GitContext& git_;
    std::map<std::string, std::optional<git::TreeFile>> incoming_;  ///< By path, the files of attributes.
    git::Attributes attributes_;
};

}  // namespace fluentsync::sync
