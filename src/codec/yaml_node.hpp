/// A YAML block as a tree that knows where each part stands, built from libyaml's events.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluentsync::codec {

/// Deeper nesting is refused.
inline constexpr std::size_t kDeepest = 64;

enum class YamlKind { plain, quoted, block_text, sequence, mapping };

/// `begin` and `end` count characters (not bytes) from the start of the block; see CharacterMap.
/// A block collection ends with its last part, not where the parser noticed.
struct YamlNode {
    YamlKind kind = YamlKind::plain;
    bool flow = false;  ///< A collection written with brackets.
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;             ///< A scalar's value.
    std::vector<YamlNode> parts;  ///< A sequence's items; a mapping's keys and values in turn.
};

/// The root mapping; nothing for a block without any node (blank, or comments alone).
/// Throws Error(invalid_front_matter) with the line in a text whose second line begins the block.
std::optional<YamlNode> parse_yaml(std::string_view block);

nlohmann::ordered_json to_json(const YamlNode& node);

/// What a plain scalar means in the core schema of YAML 1.2.
nlohmann::ordered_json resolve_plain(std::string_view text);

/// Characters of a UTF-8 text to bytes.
class CharacterMap {
  public:
    explicit CharacterMap(std::string_view text);
    std::size_t byte_of(std::size_t character) const;

  private:
    std::size_t size_;
    std::vector<std::size_t> starts_;  ///< Empty for pure ASCII, where both are the same.
};

}  // namespace fluentsync::codec
