#include "codec/block_members.hpp"

#include <algorithm>

#include "codec/block_edit.hpp"
#include "codec/yaml_write.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

using nlohmann::ordered_json;
constexpr auto kNotThere = std::string_view::npos;

/// A member parsed by itself; its value's span in bytes.
struct OneMember {
    explicit OneMember(std::string_view text) : root(parse_yaml(text)), map(text) {}
    bool is_one() const { return root && !root->flow && root->parts.size() == 2; }
    const YamlNode& value() const { return root->parts[1]; }
    std::size_t begin(const YamlNode& node) const { return map.byte_of(node.begin); }
    std::size_t end(const YamlNode& node) const { return map.byte_of(node.end); }

    std::optional<YamlNode> root;
    CharacterMap map;
};

std::size_t begin_of_line(std::string_view text, std::size_t byte) {
    const auto end = byte == 0 ? kNotThere : text.rfind('\n', byte - 1);
    return end == kNotThere ? 0 : end + 1;
}

std::size_t end_of_line(std::string_view text, std::size_t byte) {
    const auto end = text.find('\n', byte);
    return end == kNotThere ? text.size() : end + 1;
}

bool is_scalar(const YamlNode& node) {
    return node.kind == YamlKind::plain || node.kind == YamlKind::quoted;
}

bool contains(const std::vector<ordered_json>& values, const ordered_json& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// "- item" lines.
std::optional<std::string> edit_lines(std::string_view text, const OneMember& one,
                                      const std::vector<ordered_json>& removed,
                                      const std::vector<ordered_json>& added, std::string_view line_end) {
    std::string result;
    std::size_t copied = 0;
    std::string_view dash;
    for (const YamlNode& item : one.value().parts) {
        const auto begin = begin_of_line(text, one.begin(item));
        dash = text.substr(begin, one.begin(item) - begin);
        const auto sign = dash.find_first_not_of(" \t");
        const bool is_item = is_scalar(item) && sign != kNotThere && dash[sign] == '-' &&
                             dash.find_first_not_of(" \t", sign + 1) == kNotThere && begin >= copied;
        if (!is_item) return std::nullopt;
        result += text.substr(copied, begin - copied);
        copied = end_of_line(text, one.end(item));
        if (!contains(removed, to_json(item))) result += text.substr(begin, copied - begin);
    }
    for (const ordered_json& value : added)
        result.append(dash).append(write_yaml(value, YamlContext::block)).append(line_end);
    return result.append(text.substr(copied));
}

/// "[item, item]".
std::optional<std::string> edit_brackets(std::string_view text, const OneMember& one,
                                         const std::vector<ordered_json>& removed,
                                         const std::vector<ordered_json>& added) {
    const auto& items = one.value().parts;
    const auto first = items.empty() ? one.begin(one.value()) + 1 : one.begin(items.front());
    std::string result(text.substr(0, first));
    bool any = false;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!is_scalar(items[i])) return std::nullopt;
        if (contains(removed, to_json(items[i]))) continue;
        if (any) result += text.substr(one.end(items[i - 1]), one.begin(items[i]) - one.end(items[i - 1]));
        result += text.substr(one.begin(items[i]), one.end(items[i]) - one.begin(items[i]));
        any = true;
    }
    for (const ordered_json& value : added) {
        if (any) result += ", ";
        result += write_yaml(value, YamlContext::flow);
        any = true;
    }
    return result.append(text.substr(items.empty() ? first : one.end(items.back())));
}

}  // namespace

const BlockMember* BlockMembers::find(std::string_view key) const {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [key](const BlockMember& member) { return member.key == key; });
    return found == members.end() ? nullptr : &*found;
}

std::string BlockMembers::joined() const {
    std::string block;
    for (const BlockMember& member : members)
        block.append(member.lead).append(member.text);
    return block.append(tail);
}

std::optional<BlockMembers> split_members(std::string_view block) {
    BlockMembers result;
    const auto root = parse_yaml(block);
    if (root && root->flow) return std::nullopt;
    std::size_t read = 0;
    const BlockEditor editor(block, "\n");
    for (std::size_t i = 0; root && 2 * i < root->parts.size(); ++i) {
        const BlockEdit span = editor.remove(*root, i);
        if (span.begin < read || span.end <= span.begin) return std::nullopt;
        BlockMember member{root->parts[2 * i].text};
        member.lead = block.substr(read, span.begin - read);
        member.text = block.substr(span.begin, span.end - span.begin);
        member.value = to_json(root->parts[2 * i + 1]);
        if (member.text.back() != '\n') return std::nullopt;
        result.members.push_back(std::move(member));
        read = span.end;
    }
    result.tail = block.substr(read);
    return result;
}

std::optional<NestedBlock> nested_block(const BlockMember& member) {
    const OneMember one(member.text);
    if (!one.is_one()) return std::nullopt;
    const YamlNode& value = one.value();
    if (value.kind != YamlKind::mapping || value.flow || value.parts.empty()) return std::nullopt;
    const auto first = one.begin(value.parts.front());
    const auto begin = begin_of_line(member.text, first);
    if (begin == 0) return std::nullopt;
    return NestedBlock{member.text.substr(0, begin), member.text.substr(begin), first - begin};
}

std::string with_value_of(const BlockMember& member, const BlockMember& other) {
    const OneMember mine(member.text);
    const OneMember theirs(other.text);
    if (!mine.is_one() || !theirs.is_one()) return other.text;
    const auto is_span = [](const OneMember& one) {
        return is_scalar(one.value()) && one.begin(one.value()) < one.end(one.value());
    };
    if (!is_span(mine) || !is_span(theirs)) return other.text;
    const auto begin = theirs.begin(theirs.value());
    const auto value = other.text.substr(begin, theirs.end(theirs.value()) - begin);
    if (value.find('\n') != kNotThere) return other.text;
    std::string text = member.text;
    const auto at = mine.begin(mine.value());
    return text.replace(at, mine.end(mine.value()) - at, value);
}

std::optional<std::string> edit_list(const BlockMember& member, const std::vector<ordered_json>& removed,
                                     const std::vector<ordered_json>& added, std::string_view line_end) {
    const OneMember one(member.text);
    if (!one.is_one() || one.value().kind != YamlKind::sequence) return std::nullopt;
    return one.value().flow ? edit_brackets(member.text, one, removed, added)
                            : edit_lines(member.text, one, removed, added, line_end);
}

}  // namespace fluentsync::codec
