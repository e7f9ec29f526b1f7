/// Line ends between a file and its blob, as git's `text` and `eol` attributes and its core.autocrlf have
/// them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/object_id.hpp"

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

/// By rule alone: what git has at the path may count (`head_has_crlf`).
bool is_guess(LineEnds rule);

/// The ends of a file that a commit and a checkout after it would not bring back: core.safecrlf asks.
enum class LostEnds { none, crlf, lf };
LostEnds lost_ends(std::string_view file, LineEnds rule, bool head_has_crlf);

/// What these bytes of a file's are in git by that id: themselves, or with LF for each CRLF. Nothing:
/// neither.
std::optional<std::string> as_blob(std::string_view file, const base::ObjectId& id);
/// What these bytes of a blob's are in a file by that id: themselves, or with CRLF for each LF. Nothing:
/// neither.
std::optional<std::string> as_file(std::string_view blob, const base::ObjectId& id);

}  // namespace fluentsync::git
