/// Where the front matter of a text stands.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fluentsync::codec {

/// Byte offsets into the text. The YAML is [yaml_begin, yaml_end); yaml_end is where the closing fence's line
/// begins.
struct Fences {
    std::size_t yaml_begin = 0;
    std::size_t yaml_end = 0;
    std::size_t body_begin = 0;  ///< Behind the closing fence's line.
};

/// 3 when a byte order mark stands in front, else 0.
std::size_t bom_length(std::string_view text);

/// The end of the first line: "\r\n" or "\n" ("\n" for a text without any).
std::string_view line_end_of(std::string_view text);

/// Nothing when the text has no front matter. Throws Error(invalid_front_matter) when it is half-written.
std::optional<Fences> find_fences(std::string_view text);

/// Whether a text without YAML fences begins with front matter of another kind, as site generators take it:
/// TOML ("+++"), JSON ("{", ";;;"), or "---" with the name of a language behind it. White space may stand
/// before.
bool has_foreign_front_matter(std::string_view text);

}  // namespace fluentsync::codec
