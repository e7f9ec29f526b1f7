#include "sync/front_matter_merge.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/block_members.hpp"
#include "codec/fences.hpp"
#include "codec/front_matter.hpp"
#include "codec/moment.hpp"
#include "fluentsync/error.hpp"
#include "sync/key_rules.hpp"
#include "sync/prose_merge.hpp"

namespace fluentsync::sync {

namespace {

using codec::BlockMember;
using codec::BlockMembers;
using nlohmann::ordered_json;

/// More items are nobody's tags; the work stays bounded.
constexpr std::size_t kMostItems = 1000;

bool is_scalar_list(const ordered_json& value) {
    return value.is_array() && value.size() <= kMostItems &&
           std::none_of(value.begin(), value.end(), [](const auto& item) { return item.is_structured(); });
}

bool has_item(const ordered_json& list, const ordered_json& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

std::string with_ends_of(std::string_view block, const std::string& text) {
    const bool crlf = codec::line_end_of(block) == "\r\n";
    if (crlf == (codec::line_end_of(text) == "\r\n") || block.empty()) return text;
    std::string result;
    for (const char c : text) {
        if (c == '\r') continue;
        if (c == '\n' && crlf) result += '\r';
        result += c;
    }
    return result;
}

/// The members of one mapping, on the winner's text.
class MappingMerge {
  public:
    MappingMerge(const MergeRules& rules, std::vector<KeyConflict>& conflicts, std::string prefix)
        : rules_(rules), conflicts_(conflicts), prefix_(std::move(prefix)) {}

    std::optional<std::string> merge(std::string_view base, std::string_view winner, std::string_view loser) {
        if (winner == loser || loser == base) return std::string(winner);
        if (winner == base) return std::string(loser);
        winner_block_ = winner;
        auto b = codec::split_members(base);
        const auto w = codec::split_members(winner);
        const auto l = codec::split_members(loser);
        if (!b || !w || !l) return std::nullopt;
        for (const BlockMember& member : w->members)
            keep(b->find(member.key), member, l->find(member.key));
        add_losers(*b, *w, *l);
        result_.tail = merge_comments(b->tail, w->tail, l->tail);
        return checked();
    }

  private:
    std::string path_of(const std::string& key) const { return prefix_ + key; }

    void keep(const BlockMember* base, const BlockMember& winner, const BlockMember* loser) {
        if (!loser) {  // An edit beats the removal.
            if (!base || base->value != winner.value) result_.members.push_back(winner);
            return;
        }
        static const BlockMember none;
        const BlockMember& before = base ? *base : none;
        BlockMember merged = winner;
        merged.lead = merge_comments(before.lead, winner.lead, loser->lead);
        if (winner.text != loser->text && loser->text != before.text) merge_value(before, merged, *loser);
        result_.members.push_back(std::move(merged));
    }

    /// Those that the winner does not have.
    void add_losers(const BlockMembers& base, const BlockMembers& winner, const BlockMembers& loser) {
        std::size_t at = 0;
        for (const BlockMember& member : loser.members) {
            const auto known = std::find_if(result_.members.begin(), result_.members.end(),
                                            [&](const auto& one) { return one.key == member.key; });
            if (known != result_.members.end()) {
                at = static_cast<std::size_t>(known - result_.members.begin()) + 1;
                continue;
            }
            const BlockMember* before = base.find(member.key);
            if (winner.find(member.key) || (before && before->value == member.value)) continue;
            BlockMember added = member;
            added.lead = with_ends_of(winner_block_, added.lead);
            added.text = with_ends_of(winner_block_, added.text);
            result_.members.insert(result_.members.begin() + static_cast<std::ptrdiff_t>(at++), added);
        }
    }

    /// Comments of both stay.
    std::string merge_comments(const std::string& base, const std::string& winner,
                               const std::string& loser) const {
        if (winner == loser || loser == base) return winner;
        if (winner == base) return with_ends_of(winner_block_, loser);
        if (const auto merged = merge_prose(base, winner, loser)) return *merged;
        return winner + with_ends_of(winner_block_, loser);
    }

    /// Both changed the member's lines, or the loser alone did.
    void merge_value(const BlockMember& base, BlockMember& merged, const BlockMember& loser) {
        if (merged.text == base.text) {
            take(merged, with_ends_of(winner_block_, loser.text), loser.value);
        } else if (merged.value == loser.value || (!base.text.empty() && loser.value == base.value)) {
            return;
        } else if (!base.text.empty() && merged.value == base.value) {
            take(merged, with_ends_of(winner_block_, codec::with_value_of(merged, loser)), loser.value);
        } else if (!is_ruled(base, merged, loser)) {
            conflicts_.push_back({path_of(merged.key), merged.value.dump(), loser.value.dump()});
        }
    }

    static void take(BlockMember& merged, std::string text, const ordered_json& value) {
        merged.text = std::move(text);
        merged.value = value;
    }

    bool is_ruled(const BlockMember& base, BlockMember& merged, const BlockMember& loser) {
        try {
            return merge_by_rule(base, merged, loser);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::invalid_front_matter) throw;
            return false;  // Of a form that cannot be edited by key.
        }
    }

    bool merge_by_rule(const BlockMember& base, BlockMember& merged, const BlockMember& loser) {
        const KeyRule rule = rule_of_key(rules_, path_of(merged.key), merged.key);
        if (rule == KeyRule::conflict) return false;
        if (rule == KeyRule::max) return take_greater(merged, loser);
        if (is_scalar_list(merged.value) && is_scalar_list(loser.value)) return unite(base, merged, loser);
        if (merged.value.is_object() && loser.value.is_object()) return descend(base, merged, loser);
        return merge_text(base, merged, loser);
    }

    bool take_greater(BlockMember& merged, const BlockMember& loser) {
        const auto order = codec::compare_moments(merged.value, loser.value);
        if (!order) return false;
        // The same moment written twice: by the text, so that the order of merges does not matter.
        const int side = *order != 0 ? *order : merged.value.dump() < loser.value.dump() ? -1 : 1;
        if (side < 0) {
            take(merged, with_ends_of(winner_block_, codec::with_value_of(merged, loser)), loser.value);
        }
        return true;
    }

    bool unite(const BlockMember& base, BlockMember& merged, const BlockMember& loser) {
        const ordered_json before = is_scalar_list(base.value) ? base.value : ordered_json::array();
        std::vector<ordered_json> removed;
        std::vector<ordered_json> added;
        ordered_json wanted = ordered_json::array();
        for (const ordered_json& item : merged.value) {
            const bool gone = has_item(before, item) && !has_item(loser.value, item);
            gone ? removed.push_back(item) : wanted.push_back(item);
        }
        for (const ordered_json& item : loser.value) {
            if (has_item(before, item) || has_item(wanted, item)) continue;
            added.push_back(item);
            wanted.push_back(item);
        }
        const auto line_end = codec::line_end_of(winner_block_);
        auto text =
            wanted.empty() ? std::nullopt : codec::edit_list(merged, removed, added, std::string(line_end));
        if (!text || !reads_as(*text, merged.key, wanted)) {
            text = codec::set_key("---\n" + merged.text + "---\n", merged.key, wanted.dump());
            text = text->substr(4, text->size() - 8);
        }
        if (!reads_as(*text, merged.key, wanted)) return false;
        take(merged, *text, wanted);
        return true;
    }

    /// A mapping on lines by itself; one in brackets by lines, if at all.
    bool descend(const BlockMember& base, BlockMember& merged, const BlockMember& loser) {
        const auto w = codec::nested_block(merged);
        const auto l = codec::nested_block(loser);
        const auto b = base.text.empty() ? std::nullopt : codec::nested_block(base);
        if (!w || !l || w->indent != l->indent) return merge_flow(base, merged, loser);
        std::vector<KeyConflict> found;
        const auto block = MappingMerge(rules_, found, path_of(merged.key) + ".")
                               .merge(b && b->indent == w->indent ? b->block : "", w->block, l->block);
        if (!block || block->empty()) return false;
        const std::string head = merge_comments(b ? b->head : "", w->head, l->head);
        const auto parsed = codec::split_members(head + *block);
        if (!parsed || parsed->members.size() != 1 || parsed->members[0].key != merged.key) return false;
        take(merged, head + *block, parsed->members[0].value);
        conflicts_.insert(conflicts_.end(), found.begin(), found.end());
        return true;
    }

    /// A mapping in brackets, key by key; where both changed a key, it is a conflict of that one.
    bool merge_flow(const BlockMember& base, BlockMember& merged, const BlockMember& loser) {
        const ordered_json before = base.value.is_object() ? base.value : ordered_json::object();
        const auto value_in = [](const ordered_json& mapping, const std::string& key) {
            return mapping.contains(key) ? std::optional(mapping[key]) : std::nullopt;
        };
        std::string text = "---\n" + merged.text + "---\n";
        ordered_json wanted = merged.value;
        std::vector<KeyConflict> found;
        ordered_json keys = loser.value;
        keys.update(before);
        for (const auto& [key, unused] : keys.items()) {
            const auto b = value_in(before, key);
            const auto w = value_in(merged.value, key);
            const auto l = value_in(loser.value, key);
            const std::string path = merged.key + "." + key;
            if (l == b || l == w) continue;
            if (w && w != b) {  // An edit beats a removal.
                if (l) found.push_back({prefix_ + path, w->dump(), l->dump()});
            } else if (l) {
                text = codec::set_key(text, path, l->dump());
                wanted[key] = *l;
            } else {
                text = codec::remove_key(text, path);
                wanted.erase(key);
            }
        }
        text = text.substr(4, text.size() - 8);
        if (!reads_as(text, merged.key, wanted)) return false;
        take(merged, text, wanted);
        conflicts_.insert(conflicts_.end(), found.begin(), found.end());
        return true;
    }

    /// A text on lines, or one long one; a list of more than scalars.
    bool merge_text(const BlockMember& base, BlockMember& merged, const BlockMember& loser) const {
        if (base.text.empty()) return false;
        const auto text = merge_prose(base.text, merged.text, loser.text);
        if (!text) return false;
        const auto parsed = codec::split_members(*text);
        if (!parsed || parsed->members.size() != 1 || parsed->members[0].key != merged.key) return false;
        if (parsed->members[0].value.type() != merged.value.type()) return false;
        take(merged, *text, parsed->members[0].value);
        return true;
    }

    static bool reads_as(const std::string& text, const std::string& key, const ordered_json& value) {
        const auto parsed = codec::split_members(text);
        return parsed && parsed->members.size() == 1 && parsed->members[0].key == key &&
               parsed->members[0].value == value;
    }

    /// The block, once it reads as what was meant.
    std::optional<std::string> checked() const {
        const std::string block = result_.joined();
        const auto parsed = codec::split_members(block);
        const bool as_meant =
            parsed && std::equal(parsed->members.begin(), parsed->members.end(), result_.members.begin(),
                                 result_.members.end(), [](const auto& a, const auto& b) {
                                     return a.key == b.key && a.value == b.value;
                                 });
        return as_meant ? std::optional(block) : std::nullopt;
    }

    const MergeRules& rules_;
    std::vector<KeyConflict>& conflicts_;
    const std::string prefix_;
    std::string_view winner_block_;
    BlockMembers result_;
};

}  // namespace

std::optional<std::string> merge_front_matter(std::string_view base, std::string_view winner,
                                              std::string_view loser, const MergeRules& rules,
                                              std::vector<KeyConflict>& conflicts) {
    return MappingMerge(rules, conflicts, "").merge(base, winner, loser);
}

}  // namespace fluentsync::sync
