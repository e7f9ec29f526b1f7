/// The joint of file and HEAD: where the bytes of a file become a blob's, and a blob's a file's. Git's
/// attributes and configuration may ask for a conversion there. Line ends are converted as git does it: the
/// folder and the store have the file's, git has its own, and the ledger knows both by their ids. What only
/// git itself can convert passes in neither direction: it is held, and told.
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

/// The blob that HEAD has at a path, if any.
using AtHead = std::optional<base::ObjectId>;

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
    /// Why these bytes of a file's go into no blob; empty: they do. `head`: what HEAD has at the path.
    std::string bar_of_file(const std::string& path, std::string_view bytes, const AtHead& head);
    /// Why these bytes of a blob's go into no file; empty: they do.
    std::string bar_of_blob(const std::string& path, std::string_view bytes);
    /// Whether the bytes matter to all of these.
    bool depends_on_bytes(const std::string& path);
    /// Whether the same bytes may still be refused for `reason`, which bar_of_file() gave.
    bool may_still_bar(const std::string& path, const std::string& reason);
    /// The blob of a file's bytes; nothing: the bytes as they are. As with git, text that HEAD has with a
    /// CRLF in it is only converted where it is told to be text.
    std::optional<std::string> to_git(const std::string& path, std::string_view bytes, const AtHead& head);
    /// The id of that blob; `id`: of the bytes as they are. What a checkout of HEAD's version would put there
    /// is that version, though git would make another blob of it (HEAD has LF and CRLF of the same text).
    base::ObjectId id_in_git(const std::string& path, std::string_view bytes, const base::ObjectId& id,
                             const AtHead& head);
    /// Whether a checkout of this blob would put these bytes there.
    bool checks_out_as(const std::string& path, const base::ObjectId& blob, std::string_view bytes);
    /// The file of a blob's bytes; nothing: the bytes as they are.
    std::optional<std::string> to_file(const std::string& path, std::string_view bytes);
    git::MergeRule merge_rule(const std::string& path) { return attributes_.of(path).merge; }

  private:
    git::AttributeText attributes_of(const std::string& folder) const;
    std::optional<std::string> text_of(const base::ObjectId& blob) const;
    bool keeps_crlf(git::LineEnds rule, std::string_view bytes, const AtHead& head) const;

    GitContext& git_;
    std::map<std::string, std::optional<git::TreeFile>> incoming_;  ///< By path, the files of attributes.
    git::Attributes attributes_;
};

}  // namespace fluentsync::sync
