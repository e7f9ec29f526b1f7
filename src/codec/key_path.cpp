#include "codec/key_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/object_id.hpp"
#include "base/text.hpp"
#include "codec/reserved_names.hpp"
#include "codec/segment_code.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 4000;
constexpr std::string_view kExtension = ".md";

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    for (std::size_t begin = 0;;) {
        const auto end = path.find('/', begin);
        segments.push_back(path.substr(begin, end == std::string_view::npos ? end : end - begin));
        if (end == std::string_view::npos) return segments;
        begin = end + 1;
    }
}

/// What an invalid key is complained about with. Thrown through fail().
[[noreturn]] void fail(const EntityKey& key, const std::string& fault) {
    throw Error(ErrorCode::invalid_key, "key \"" + base::printable(key.type, 100) + "\" / \"" +
                                            base::printable(key.id, 100) + "\": " + fault);
}

std::string encoded(const EntityKey& key, std::string_view segment, Position position) {
    const std::size_t suffix = position == Position::file ? kExtension.size() : 0;
    std::string name;
    // The escaped name is never shorter, so an overlong segment is refused before any work on it.
    if (segment.size() + suffix <= kLongestName) name = encode_segment(segment, position);
    if (name.empty() || name.size() + suffix > kLongestName) {
        fail(key,
             "\"" + base::printable(segment, 60) + "\" would need a file name of over 255 bytes; shorten it");
    }
    return name;
}

std::string check_segment(std::string_view segment) {
    if (segment.empty()) return "has an empty part; write at least one character between slashes";
    if (segment == "." || segment == "..") return "has a \".\" or \"..\" part; name it otherwise";
    if (segment.find('\0') != std::string_view::npos) return "has a NUL byte; remove it";
    return {};
}

/// The id's part of the path, extension included.
std::string encode_id(const EntityKey& key) {
    const auto segments = split(key.id);
    std::string path;
    path.reserve(key.id.size() + kExtension.size());
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (const auto fault = check_segment(segments[i]); !fault.empty()) fail(key, "the id " + fault);
        const bool last = i + 1 == segments.size();
        path += encoded(key, segments[i], last ? Position::file : Position::folder);
        path += last ? kExtension : "/";
    }
    return path;
}

std::string encode_type(const EntityKey& key) {
    if (key.type.find('/') != std::string::npos) fail(key, "a type is one name, without \"/\"");
    if (const auto fault = check_segment(key.type); !fault.empty()) fail(key, "the type " + fault);
    return encoded(key, key.type, Position::folder);
}

std::string shard_of(std::string_view id) {
    return base::hash_bytes(id).hex().substr(0, 2);
}

/// The path, and with it every check of the key.
std::string build_path(const EntityKey& key, Layout layout) {
    if (key.type.empty()) fail(key, "the type is empty; name one");
    if (key.id.empty()) fail(key, "the id is empty; name one");
    if (!base::is_utf8(key.type) || !base::is_utf8(key.id)) fail(key, "it is not valid UTF-8; re-encode it");
    if (key.id.size() > kLongestPath) fail(key, "the path would be over 4000 bytes; shorten it");
    // With the type, and always as if sharded: a key must not lose its validity when the layout changes.
    if (split(key.id).size() + 2 > kMostSegments)
        fail(key, "the path would be over 200 folders deep; flatten it");
    auto path = encode_type(key) + '/';
    if (layout == Layout::sharded) path += shard_of(key.id) + '/';
    path += encode_id(key);
    const std::size_t shard = layout == Layout::sharded ? 0 : 3;
    if (path.size() + shard > kLongestPath) fail(key, "the path would be over 4000 bytes; shorten it");
    return path;
}

bool is_well_formed(const std::vector<std::string_view>& segments) {
    return std::none_of(segments.begin(), segments.end(), [](std::string_view segment) {
        return segment.empty() || segment == "." || segment == ".." ||
               segment.find('\0') != std::string_view::npos;
    });
}

bool is_private(std::string_view segment) {
    return is_dot_git(segment) || is_dot_fluentsync(segment);
}

bool is_shard(std::string_view segment) {
    return segment.size() == 2 && segment.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The key that the names spell. A name that has no segment stands for itself, and `exact` turns false.
EntityKey spell_key(const std::vector<std::string_view>& names, std::size_t id_from, bool& exact) {
    const auto spell = [&](std::string_view name, Position position) {
        auto segment = decode_segment(name, position);
        exact = exact && segment.has_value();
        return segment ? *std::move(segment) : std::string(name);
    };
    EntityKey key{spell(names.front(), Position::folder), {}};
    for (std::size_t i = id_from; i + 1 < names.size(); ++i)
        key.id += spell(names[i], Position::folder) + '/';
    auto last = names.back();
    last.remove_suffix(kExtension.size());
    key.id += spell(last, Position::file);
    return key;
}

Classified refuse(std::string_view path, const EntityKey& nearest, Layout layout) {
    Classified result{PathKind::refused, {}, {}};
    const auto shown = fmt::format("\"{}\"", base::printable(path));
    try {
        result.reason = shown + " does not name an entity in this layout; move it to \"" +
                        base::printable(build_path(nearest, layout), 4000) + "\"";
    } catch (const Error& error) {
        result.reason = shown + " does not name an entity; rename it (" + error.what() + ")";
    }
    return result;
}

Classified classify_plain(std::string_view path) {
    if (safe_tree_path(path)) return {PathKind::plain, {}, {}};
    return {PathKind::unfit,
            {},
            std::string("\"").append(base::printable(path)) +
                "\" cannot be on every system (a backslash, a control character, not UTF-8, or too deep); "
                "rename it"};
}

}  // namespace

void check_key(const EntityKey& key) {
    build_path(key, Layout::flat);
}

std::string PathMap::to_path(const EntityKey& key) const {
    return build_path(key, layout_);
}

Classified PathMap::classify(std::string_view path) const {
    const auto names = split(path);
    if (!is_well_formed(names) || std::any_of(names.begin(), names.end(), is_private) ||
        is_litter(names.back())) {
        return {PathKind::excluded, {}, {}};
    }
    const bool hidden =
        std::any_of(names.begin(), names.end(), [](std::string_view name) { return name.front() == '.'; });
    const auto name = names.back();
    const bool entity_format =
        name.size() > kExtension.size() && name.substr(name.size() - kExtension.size()) == kExtension;
    if (hidden || !entity_format || names.size() < 2) return classify_plain(path);

    const bool has_shard = layout_ == Layout::sharded && names.size() > 2 && is_shard(names[1]);
    bool exact = true;
    Classified result{PathKind::entity, spell_key(names, has_shard ? 2 : 1, exact), {}};
    if (layout_ == Layout::sharded) exact = exact && has_shard && names[1] == shard_of(result.key.id);
    const std::size_t shard = layout_ == Layout::sharded ? 0 : 1;
    const bool fits = path.size() + 3 * shard <= kLongestPath && names.size() + shard <= kMostSegments &&
                      std::all_of(names.begin(), names.end(),
                                  [](std::string_view segment) { return segment.size() <= kLongestName; });
    return exact && fits ? result : refuse(path, result.key, layout_);
}

bool excluded_folder(std::string_view path) {
    const auto segments = split(path);
    return std::any_of(segments.begin(), segments.end(), is_private);
}

bool safe_tree_path(std::string_view path) {
    const auto is_bad_byte = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F || c == '\\';
    };
    if (std::any_of(path.begin(), path.end(), is_bad_byte) || !base::is_utf8(path)) return false;
    const auto segments = split(path);
    return is_well_formed(segments) && segments.size() <= kMostSegments &&
           std::none_of(segments.begin(), segments.end(), [](std::string_view segment) {
               return is_private(segment) || segment.size() > kLongestName;
           });
}

}  // namespace fluentsync::codec
