/// Line ends between a file and its blob, as git's `text` and `eol` attributes and its core.autocrlf have
/// them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::git {

enum class LineEnds {
    keep,        ///< Bytes as they are, both ways.
    lf,          ///< Text: LF in git, and the file is left as git has it.
    crlf,        ///< Text: LF in git, CRLF in the file.
    guess,       ///< The same as `lf`, of what looks like text.
    guess_crlf,  ///< The same as `crlf`, of what looks like text.
};

/// The blob's form of a file's bytes; nothing: the bytes as they are. `head_has_crlf`: what git has at the
/// path is text with a CRLF already, which keeps a guess from normalising it.
std::optional<std::string> to_git_line_ends(std::string_view file, LineEnds rule, bool head_has_crlf);

/// The file's form of a blob's bytes; nothing: the bytes as they are.
std::optional<std::string> to_file_line_ends(std::string_view blob, LineEnds rule);

/// What git calls text, with a CRLF in it.
bool is_text_with_crlf(std::string_view bytes);

}  // namespace fluentsync::git
