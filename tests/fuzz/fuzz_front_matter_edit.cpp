// One key set and removed in any content: the metadata changes by that key, the bytes by its span.
#include <nlohmann/json.hpp>
#include <optional>

#include "codec/fences.hpp"
#include "codec/front_matter.hpp"
#include "codec/yaml_node.hpp"
#include "fluentsync/error.hpp"
#include "fuzz_input.hpp"

using namespace fluentsync;
using nlohmann::ordered_json;

namespace {

/// A range of bytes of the old content.
struct Span {
    std::size_t begin;
    std::size_t end;
};

std::size_t line_begin(std::string_view text, std::size_t at) {
    const auto end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return end == std::string_view::npos ? 0 : end + 1;
}

/// Where a top-level key may be replaced: from the line it stands in up to the next member, or the end.
/// Nothing when there is no such key, or no front matter.
std::optional<Span> room_of(std::string_view content, std::string_view name) {
    const auto fences = codec::find_fences(content);
    if (!fences) return std::nullopt;
    const auto block = content.substr(fences->yaml_begin, fences->yaml_end - fences->yaml_begin);
    const auto root = codec::parse_yaml(block);
    if (!root) return std::nullopt;
    const codec::CharacterMap bytes(block);
    for (std::size_t i = 0; i < root->parts.size(); i += 2) {
        if (root->parts[i].text != name) continue;
        const std::size_t key = bytes.byte_of(root->parts[i].begin);
        const bool last = i + 2 == root->parts.size();
        const std::size_t end = last ? block.size() : bytes.byte_of(root->parts[i + 2].begin);
        const std::size_t begin = root->flow ? bytes.byte_of(root->begin) : line_begin(block, key);
        return Span{fences->yaml_begin + begin, fences->yaml_begin + end};
    }
    return std::nullopt;
}

std::string body_of(std::string_view content) {
    const auto fences = codec::find_fences(content);
    return std::string(fences ? content.substr(fences->body_begin)
                              : content.substr(codec::bom_length(content)));
}

std::optional<ordered_json> metadata_of(const std::string& content) {
    try {
        return ordered_json::parse(codec::parse_metadata(content));
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// Nothing when the edit was refused.
template <class Edit>
std::optional<std::string> edited(const Edit& edit) {
    try {
        return edit();
    } catch (const Error& error) {
        fuzz::require(
            error.code() == ErrorCode::invalid_front_matter || error.code() == ErrorCode::invalid_argument,
            "an edit is refused as such", error.what());
        return std::nullopt;
    }
}

void require_confined(const std::string& before, const std::string& after, const std::string& name) {
    fuzz::require(body_of(before) == body_of(after), "an edit leaves the body alone", after);
    const auto room = room_of(before, name);
    if (!room) return;
    const std::string head = before.substr(0, room->begin);
    const std::string tail = before.substr(room->end);
    const bool kept = after.size() >= head.size() + tail.size() && after.compare(0, head.size(), head) == 0 &&
                      after.compare(after.size() - tail.size(), tail.size(), tail) == 0;
    fuzz::require(kept, "an edit replaces its key's bytes alone", before + "\n=>\n" + after);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<std::string> names{"title", "a", "b", "a.b", "k0", "new", "a.b.c", "tags"};
    static const std::vector<std::string> values{"1",
                                                 "null",
                                                 "true",
                                                 "\"text\"",
                                                 "\"a: b # c\"",
                                                 "[1, [2, \"x, y\"]]",
                                                 "{\"b\": {\"c\": \"]\"}}",
                                                 "\"\"",
                                                 "\"l1\\nl2\"",
                                                 "\"---\"",
                                                 "{}",
                                                 "[]",
                                                 "-0.5e300"};
    fuzz::Input input(data, size);
    const auto choice = input.byte();
    const std::string name = (choice & 1) != 0 ? input.text() : input.one_of(names);
    const std::string value = (choice & 2) != 0 ? input.text() : input.one_of(values);
    std::string content = input.rest();
    if ((choice & 4) == 0) content = "---\n" + content + "\n---\nbody\n";

    const auto before = metadata_of(content);
    const auto set = edited([&] { return codec::set_key(content, name, value); });
    const auto removed = edited([&] { return codec::remove_key(content, name); });
    fuzz::require(before || (!set && !removed), "no edit where nothing could be read", content);
    if (!before) return 0;
    const bool plain = name.find('.') == std::string::npos;
    if (set) {
        const auto after = metadata_of(*set);
        fuzz::require(after.has_value(), "the edited content reads back", *set);
        if (plain) {
            auto wanted = *before;
            wanted[name] = ordered_json::parse(value);
            fuzz::require(*after == wanted, "setting changes that key alone", *set);
            require_confined(content, *set, name);
        }
        fuzz::require(codec::set_key(*set, name, value) == *set, "the same edit again is no edit", *set);
    }
    if (removed) {
        auto wanted = *before;
        if (plain) {
            wanted.erase(name);
            fuzz::require(metadata_of(*removed) == wanted, "removing changes that key alone", *removed);
            require_confined(content, *removed, name);
        }
        fuzz::require(metadata_of(*removed).has_value(), "what is left reads back", *removed);
    }
    return 0;
}
