/// Front matter: a YAML mapping between "---" fences at the very start of a text (a BOM may stand before).
///
/// The opening fence is the first line, "---" with nothing but blanks behind; the closing one is the next
/// line that is "---" or "..." likewise. Lines end with LF or CRLF. A text whose first line is no fence has
/// none. A text with an opening fence and no closing one has none either, unless its second line looks like
/// "key:": then it is taken for half-written and refused. YAML is read with libyaml's events. Refused:
/// anchors, aliases, tags, directives, several documents, duplicate keys, lists or mappings as keys, a root
/// that is no mapping, nesting deeper than 64. Plain scalars resolve as in the YAML 1.2 core schema (null,
/// booleans, integers incl. 0x and 0o, floats); dates stay strings; what JSON's numbers cannot hold stays a
/// string: integers beyond 64 bits, floats out of range, .inf, .nan.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::codec {

/// The metadata as a JSON object text, keys in document order; "{}" when there is none.
/// Throws Error(invalid_front_matter) with the line in the text: "front matter, line 3: ...".
std::string parse_metadata(std::string_view content);

/// `content` with one key set to a JSON value; every byte outside the key's value (or, for a new key, the
/// inserted lines) is kept: comments, order, quotes, line ends, BOM. `name` is a top-level key or a dotted
/// path to a nested one (a key that itself contains the dots is found first). Strings are written plain where
/// that reads back as the same string, else double-quoted (so are words such as yes and times such as 12:30,
/// which YAML 1.1 readers take for something else); arrays and objects in flow style. A value equal to the
/// old one changes nothing. A new key goes before the closing fence (a new nested key: at the end of its
/// mapping, which is made where it is missing or null); missing front matter is added in front of the text
/// with the text's line ends. The result is parsed again and must equal the old metadata with that one
/// change; otherwise, and when the content's own front matter does not parse or is TOML or JSON,
/// Error(invalid_front_matter). An
/// empty name or what is no JSON value: Error(invalid_argument).
std::string set_key(std::string_view content, std::string_view name, std::string_view json_value);

/// The value of a key, as set_key() takes name and value; nothing when it is not there. Throws as
/// parse_metadata() does.
std::optional<std::string> get_key(std::string_view content, std::string_view name);

/// `content` without the key's lines; unchanged when it has no such key. The same checks.
std::string remove_key(std::string_view content, std::string_view name);

/// Empty, only white space (or NULs, as a power cut leaves them), or only front matter fences with nothing
/// between and behind: no content to import.
bool is_blank(std::string_view content);

}  // namespace fluentsync::codec
