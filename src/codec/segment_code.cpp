#include "codec/segment_code.hpp"

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"
#include "codec/reserved_names.hpp"

namespace fluentsync::codec {

namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

bool is_unsafe_anywhere(char c) {
    constexpr std::string_view kUnsafe = "\"*:<>?\\|";
    return is_control(c) || kUnsafe.find(c) != std::string_view::npos;
}

bool is_escape_at(std::string_view text, std::size_t at) {
    return at + 2 < text.size() && text[at] == '%' && kDigits.find(text[at + 1]) != std::string_view::npos &&
           kDigits.find(text[at + 2]) != std::string_view::npos;
}

/// The one byte that is escaped because of the whole name: the first ASCII byte of a reserved name (the first
/// byte may be part of an ignorable code point, which must stay whole). npos: none.
std::size_t reserved_byte(std::string_view segment, Position position) {
    if (segment.front() == '.') return 0;
    const bool reserved = is_device_name(segment) || (position == Position::folder && is_dot_git(segment)) ||
                          (position == Position::folder && is_dot_fluentsync(segment));
    if (!reserved) return std::string_view::npos;
    const auto first = std::find_if(segment.begin(), segment.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return static_cast<std::size_t>(first - segment.begin());
}

/// A folder's name must not end with a dot or space. npos: none.
std::size_t trailing_byte(std::string_view segment, Position position) {
    const bool ends_badly = segment.back() == '.' || segment.back() == ' ';
    return position == Position::folder && ends_badly ? segment.size() - 1 : std::string_view::npos;
}

bool is_safe(std::string_view segment, Position position) {
    return std::none_of(segment.begin(), segment.end(), is_unsafe_anywhere) &&
           reserved_byte(segment, position) == std::string_view::npos &&
           trailing_byte(segment, position) == std::string_view::npos;
}

std::string escape(std::string_view segment, Position position) {
    const auto reserved = reserved_byte(segment, position);
    const auto trailing = trailing_byte(segment, position);
    std::string name;
    name.reserve(segment.size() + 8);
    for (std::size_t i = 0; i < segment.size(); ++i) {
        const char c = segment[i];
        if (is_unsafe_anywhere(c) || i == reserved || i == trailing || is_escape_at(segment, i)) {
            const auto byte = static_cast<unsigned char>(c);
            name += '%';
            name += kDigits[byte >> 4U];
            name += kDigits[byte & 15U];
        } else {
            name += c;
        }
    }
    return name;
}

std::string unescape(std::string_view name) {
    std::string segment;
    segment.reserve(name.size());
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (is_escape_at(name, i)) {
            segment += static_cast<char>(kDigits.find(name[i + 1]) * 16 + kDigits.find(name[i + 2]));
            i += 2;
        } else {
            segment += name[i];
        }
    }
    return segment;
}

/// Whether another segment, the unescaped one, owns the name `segment`. Recursion: each step is shorter by
/// two.
bool claimed_by_another(std::string_view segment, Position position) {
    if (segment.find('%') == std::string_view::npos) return false;
    const auto other = unescape(segment);
    return other != segment && valid_segment(other) && encode_segment(other, position) == segment;
}

}  // namespace

bool valid_segment(std::string_view segment) {
    using namespace std::string_view_literals;
    return !segment.empty() && segment != "." && segment != ".." &&
           segment.find_first_of("/\0"sv) == std::string_view::npos && base::is_utf8(segment);
}

std::string encode_segment(std::string_view segment, Position position) {
    if (is_safe(segment, position) && !claimed_by_another(segment, position)) return std::string(segment);
    return escape(segment, position);
}

std::optional<std::string> decode_segment(std::string_view name, Position position) {
    if (!valid_segment(name)) return std::nullopt;
    if (name.find('%') == std::string_view::npos) {
        return is_safe(name, position) ? std::optional<std::string>(name) : std::nullopt;
    }
    auto segment = unescape(name);
    if (valid_segment(segment) && encode_segment(segment, position) == name) return segment;
    if (encode_segment(name, position) == name) return std::string(name);
    return std::nullopt;
}

}  // namespace fluentsync::codec
