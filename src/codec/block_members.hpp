/// A YAML block as its members' own bytes, so that one version's member can stand in another version.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluentsync::codec {

/// Whole lines. `lead` + `text` of all members, then the tail, are the block.
struct BlockMember {
    std::string key;
    std::string lead = {};  ///< Comments and blank lines in front of it.
    std::string text = {};  ///< Its lines, with what stands behind the value on them.
    nlohmann::ordered_json value = {};
};

struct BlockMembers {
    std::vector<BlockMember> members;
    std::string tail;

    const BlockMember* find(std::string_view key) const;
    std::string joined() const;
};

/// The members of a block mapping. Nothing for one in brackets, or of a form that cannot be taken apart.
/// Throws Error(invalid_front_matter) as parse_yaml() does. Blank lines and comments alone: no members.
std::optional<BlockMembers> split_members(std::string_view block);

/// A member whose value is a block mapping on lines of its own.
struct NestedBlock {
    std::string head;   ///< The key's line, and comments below it.
    std::string block;  ///< The mapping's lines.
    std::size_t indent = 0;
};
std::optional<NestedBlock> nested_block(const BlockMember& member);

/// `member`'s text with the value of `other`: where both are on one line, the value's bytes alone; else all
/// of other's text.
std::string with_value_of(const BlockMember& member, const BlockMember& other);

/// The member's text, its list of scalars without the items `removed` and with `added` behind the rest; items
/// that stay keep their bytes. Nothing when it is of a form that cannot be edited so.
std::optional<std::string> edit_list(const BlockMember& member,
                                     const std::vector<nlohmann::ordered_json>& removed,
                                     const std::vector<nlohmann::ordered_json>& added,
                                     std::string_view line_end);

}  // namespace fluentsync::codec
