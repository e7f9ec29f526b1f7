/// Text of others made fit to be shown.
#ifndef FLUENTSYNC_PRINTABLE_HPP
#define FLUENTSYNC_PRINTABLE_HPP

#include <string>
#include <string_view>

namespace fluentsync {

/// `text` as one line for a terminal or a log: control characters (C0, DEL, C1), line and paragraph
/// separators, the marks that turn the direction of text, and bytes that are not UTF-8 are written as \xNN,
/// byte by byte. File names, a remote's words and error messages may hold any of them.
std::string printable(std::string_view text);

/// The same for a JSON text, which stays the JSON of the same values: there they become \uNNNN.
/// Bytes that are not UTF-8 become U+FFFD.
std::string printable_json(std::string_view json);

}  // namespace fluentsync

#endif
