/// Libgit2's word on attributes, of files that it gets from us. For bodies of this floor only.
#pragma once

#include <string>
#include <string_view>

#include "git/attributes.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

/// Whether any line is more than a comment.
bool holds_attribute(std::string_view text);

/// Has a handle of its own on the repository, without a work tree: libgit2 opens no file of the folder, and
/// what it remembers of attributes and macros ends with this. The handle is opened at the first question.
class AttributeJudge {
  public:
    explicit AttributeJudge(const Repository& repository);

    /// Why a file of git's own cannot be read; empty: all can.
    const std::string& trouble() const { return trouble_; }
    /// core.autocrlf is on, or a file of git's own outside of the folder holds attributes.
    bool has_rules_everywhere() const { return everywhere_; }
    /// The .gitattributes of a folder ("" is the root).
    void add(const std::string& folder, std::string_view text);
    PathRules rules_of(const std::string& path);

  private:
    void open();
    void look_everywhere(const Repository& repository);
    void look_at_file(const std::string& path);
    std::string filter_of(const char* value) const;
    LineEnds line_ends_of(const char* text, const char* old_text, const char* eol) const;
    MergeRule merge_of(const char* value) const;
    bool files_get_crlf() const;
    std::string config(const std::string& key) const;

    Library library_;
    const std::string git_folder_;
    ConfigPtr live_config_;  ///< The repository's: the handle would not know all that counts.
    ConfigPtr config_;
    enum class AutoCrlf { off, on, input } auto_crlf_ = AutoCrlf::off;
    bool core_eol_crlf_ = false;
    bool exact_ = false;
    bool everywhere_ = false;
    std::string trouble_;
    RepositoryPtr handle_;
    IndexPtr files_;
};

}  // namespace fluentsync::git
