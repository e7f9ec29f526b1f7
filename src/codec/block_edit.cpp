#include "codec/block_edit.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/yaml_write.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

constexpr auto kAbsent = std::string_view::npos;
constexpr std::string_view kBlank = " \t";
constexpr std::string_view kBlankOrEnd = " \t\r\n";

bool is_block_collection(const YamlNode& node) {
    return !node.flow && (node.kind == YamlKind::sequence || node.kind == YamlKind::mapping);
}

bool is_empty(const YamlNode& node) {
    return node.kind == YamlKind::plain && node.begin == node.end;
}

const YamlNode& last_leaf(const YamlNode& node) {
    return is_block_collection(node) && !node.parts.empty() ? last_leaf(node.parts.back()) : node;
}

YamlContext context_of(const YamlNode& mapping) {
    return mapping.flow ? YamlContext::flow : YamlContext::block;
}

}  // namespace

void BlockEditor::give_up(std::size_t byte) const {
    const auto read = block_.substr(0, byte);
    const auto line = std::count(read.begin(), read.end(), '\n') + 2;
    throw Error(ErrorCode::invalid_front_matter,
                "front matter, line " + std::to_string(line) +
                    ": written in a form that cannot be edited by key; edit the text itself");
}

std::size_t BlockEditor::line_begin(std::size_t byte) const {
    const auto end = byte == 0 ? kAbsent : block_.rfind('\n', byte - 1);
    return end == kAbsent ? 0 : end + 1;
}

std::size_t BlockEditor::next_line(std::size_t byte) const {
    const auto end = block_.find('\n', byte);
    return end == kAbsent ? block_.size() : end + 1;
}

/// Where a part's own text ends. A block text reaches, for the parser, over the blank lines behind it; they
/// count as its text only where "+" keeps them.
std::size_t BlockEditor::text_end(const YamlNode& node) const {
    const auto& leaf = last_leaf(node);
    const auto begin = begin_of(leaf);
    const auto end = end_of(leaf);
    if (leaf.kind != YamlKind::block_text) return end;
    const auto header = block_.substr(begin, block_.find_first_of("#\n", begin) - begin);
    if (header.find('+') != kAbsent) return end;
    return begin + block_.substr(begin, end - begin).find_last_not_of(kBlankOrEnd) + 1;
}

/// The first line behind a part.
std::size_t BlockEditor::lines_end(const YamlNode& node) const {
    const auto end = text_end(node);
    const bool at_line = end > begin_of(node) && block_[end - 1] == '\n';
    return at_line ? end : next_line(end);
}

std::size_t BlockEditor::behind_colon(const YamlNode& key) const {
    const auto colon = block_.find_first_not_of(kBlank, end_of(key));
    if (colon == kAbsent || block_[colon] != ':') give_up(begin_of(key));
    return colon + 1;
}

/// The blanks in front of the first thing on a line.
std::string_view BlockEditor::indent_of(std::size_t byte) const {
    const auto begin = line_begin(byte);
    const auto indent = block_.substr(begin, byte - begin);
    if (indent.find_first_not_of(kBlank) != kAbsent) give_up(byte);
    return indent;
}

BlockEdit BlockEditor::replace(const YamlNode& mapping, std::size_t member,
                               const nlohmann::ordered_json& value) const {
    const auto& key = mapping.parts[2 * member];
    const auto& old = mapping.parts[2 * member + 1];
    const auto text = write_yaml(value, context_of(mapping));
    if (is_block_collection(old)) return replace_lines(key, old, text);
    if (old.kind == YamlKind::block_text) return replace_block_text(old, text);
    const auto begin = begin_of(old);
    if (!is_empty(old)) return {begin, end_of(old), text};
    if (begin == 0 || block_[begin - 1] != ':') give_up(begin);
    // "key: " with nothing behind has its blank already.
    const auto rest = block_.find_first_not_of(kBlank, begin);
    const bool line_ends = rest == kAbsent || block_[rest] == '\n' || block_[rest] == '\r';
    if (line_ends && rest > begin && begin < block_.size()) return {begin + 1, begin + 1, text};
    return {begin, begin, " " + text};
}

/// "key:" and indented lines below: the value comes onto the key's line, in front of a comment there.
BlockEdit BlockEditor::replace_lines(const YamlNode& key, const YamlNode& value,
                                     const std::string& text) const {
    const auto begin = behind_colon(key);
    const auto first_line = line_begin(begin_of(value));
    if (first_line < begin) give_up(begin);
    const auto kept = block_.substr(begin, first_line - begin);
    const bool ends_blank = kept.find_first_not_of(kBlankOrEnd) == kAbsent;
    const auto from = ends_blank ? kept.find_first_not_of(kBlank) : 0;
    return {begin, lines_end(value), " " + text + std::string(kept.substr(from))};
}

BlockEdit BlockEditor::replace_block_text(const YamlNode& value, const std::string& text) const {
    const auto begin = begin_of(value);
    const auto whole = block_.substr(begin, end_of(value) - begin);
    const auto header = whole.substr(0, whole.find_first_of("\r\n"));
    const auto comment = header.find('#');
    // The line break behind the last line of text stays, and blank lines with it.
    const auto end = begin + whole.find_last_not_of(kBlankOrEnd) + 1;
    return {begin, end, comment == kAbsent ? text : text + " " + std::string(header.substr(comment))};
}

BlockEdit BlockEditor::insert(const YamlNode* mapping, bool is_root, const std::string& key,
                              const nlohmann::ordered_json& value) const {
    const auto context = mapping ? context_of(*mapping) : YamlContext::block;
    const auto member = write_yaml_key(key, context) + ": " + write_yaml(value, context);
    if (context == YamlContext::flow) {
        if (mapping->parts.empty()) return {begin_of(*mapping) + 1, begin_of(*mapping) + 1, member};
        const auto at = end_of(mapping->parts.back());
        return {at, at, ", " + member};
    }
    const auto at = is_root ? block_.size() : lines_end(*mapping);
    const auto indent = mapping ? indent_of(begin_of(*mapping)) : std::string_view();
    return {at, at, std::string(indent) + member + std::string(line_end_)};
}

BlockEdit BlockEditor::remove(const YamlNode& mapping, std::size_t member) const {
    if (mapping.flow) return remove_from_flow(mapping, member);
    const auto begin = begin_of(mapping.parts[2 * member]);
    return {begin - indent_of(begin).size(), lines_end(mapping.parts[2 * member + 1]), {}};
}

/// The member goes with the comma that parts it from a neighbour.
BlockEdit BlockEditor::remove_from_flow(const YamlNode& mapping, std::size_t member) const {
    const auto at = 2 * member;
    const auto begin = begin_of(mapping.parts[at]);
    const auto end = end_of(mapping.parts[at + 1]);
    if (at + 2 < mapping.parts.size()) return {begin, begin_of(mapping.parts[at + 2]), {}};
    if (at > 0) return {end_of(mapping.parts[at - 1]), end, {}};
    return {begin, end, {}};
}

}  // namespace fluentsync::codec
