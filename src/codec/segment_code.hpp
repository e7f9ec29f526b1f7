/// One segment of a key as one segment of a path, and back: a bijection.
///
/// unescape(p) decodes every %XX with two upper-case digits; escape(s) escapes what is unsafe, and '%' where
/// it would read as an escape; unescape(escape(s)) == s. Most names need neither, and names like "My%20Note"
/// should stay as they are, so a segment is escaped only when it must be:
///   encode(s) = s          if s is safe and no other segment claims that name: unescape(s) == s, or
///                          encode(unescape(s)) != s
///             = escape(s)  otherwise
///   decode(p) = unescape(p) if that encodes to p; else p if p encodes to itself; else none
/// Both are inverse to each other, and every safe name has a segment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::codec {

/// Where a segment stands. Behind the last segment of an id comes ".md", so that a trailing dot or space, and
/// git~1, are harmless there.
enum class Position { folder, file };

/// Whether a segment may be part of a key at all: not empty, "." or "..", no NUL or '/', valid UTF-8.
bool valid_segment(std::string_view segment);

/// `segment` must be valid.
std::string encode_segment(std::string_view segment, Position position);

/// Nothing when no segment has this name.
std::optional<std::string> decode_segment(std::string_view name, Position position);

}  // namespace fluentsync::codec
