/// Edits of one member of a YAML mapping, as a span of the block and the text to stand there instead.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "codec/yaml_node.hpp"

namespace fluentsync::codec {

struct BlockEdit {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text = {};
};

/// Works on one parsed block. A shape that it cannot edit (such as "? key") throws
/// Error(invalid_front_matter); the caller reads the result back in any case.
class BlockEditor {
  public:
    /// All three must outlive the editor. `line_end` is written behind new lines.
    BlockEditor(std::string_view block, std::string_view line_end)
        : block_(block), line_end_(line_end), map_(block) {}

    /// `member` counts the mapping's members from 0.
    BlockEdit replace(const YamlNode& mapping, std::size_t member, const nlohmann::ordered_json& value) const;
    /// A new last member. No mapping: the block has no node yet.
    BlockEdit insert(const YamlNode* mapping, bool is_root, const std::string& key,
                     const nlohmann::ordered_json& value) const;
    BlockEdit remove(const YamlNode& mapping, std::size_t member) const;

  private:
    std::size_t begin_of(const YamlNode& node) const { return map_.byte_of(node.begin); }
    std::size_t end_of(const YamlNode& node) const { return map_.byte_of(node.end); }
    std::size_t line_begin(std::size_t byte) const;
    std::size_t next_line(std::size_t byte) const;
    std::size_t text_end(const YamlNode& node) const;
    std::size_t lines_end(const YamlNode& node) const;
    std::size_t behind_colon(const YamlNode& key) const;
    std::string_view indent_of(std::size_t byte) const;
    BlockEdit replace_lines(const YamlNode& key, const YamlNode& value, const std::string& text) const;
    BlockEdit replace_block_text(const YamlNode& value, const std::string& text) const;
    BlockEdit remove_from_flow(const YamlNode& mapping, std::size_t member) const;
    [[noreturn]] void give_up(std::size_t byte) const;

    std::string_view block_;
    std::string_view line_end_;
    CharacterMap map_;
};

}  // namespace fluentsync::codec
