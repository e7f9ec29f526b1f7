#include "base/text.hpp"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>

#include "fluentsync/printable.hpp"

namespace fluentsync::base {
namespace {

/// The first byte that is not ASCII, found eight at a time: most contents are mostly ASCII.
const char* skip_ascii(const char* at, const char* end) {
    std::uint64_t word = 0;
    for (; end - at >= 8; at += 8) {
        std::memcpy(&word, at, 8);
        if (word & 0x8080808080808080u) break;
    }
    while (at != end && static_cast<unsigned char>(*at) < 0x80)
        ++at;
    return at;
}

/// Controls, line separators and the marks that reorder text on a terminal.
bool harmful(std::uint32_t point) {
    const auto within = [point](std::uint32_t first, std::uint32_t last) {
        return point >= first && point <= last;
    };
    return point < 0x20 || within(0x7f, 0x9f) || point == 0x61c || point == 0x200e || point == 0x200f ||
           within(0x2028, 0x202e) || within(0x2066, 0x2069);
}

void append_escaped(std::string& out, std::string_view bytes) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "\\x";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

void append_json_escaped(std::string& out, std::string_view bytes, std::optional<std::uint32_t> point) {
    if (!point) {
        out += "\xEF\xBF\xBD";
    } else if (*point < 0x20) {
        out += bytes;  // Between the values; within a text JSON has none of these.
    } else {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", *point);
    }
}

/// Appends the character (or the one invalid byte) at `at`, what is harmful by `escape(bytes, point)`;
/// returns where the next begins.
template <typename Escape>
const char* append_printable(std::string& out, const char* at, const char* end, const Escape& escape) {
    if (utf8::find_invalid(at, at + std::min<std::ptrdiff_t>(4, end - at)) == at) {
        escape(std::string_view(at, 1), std::nullopt);
        return at + 1;
    }
    const char* next = at;
    const auto point = static_cast<std::uint32_t>(utf8::unchecked::next(next));
    const std::string_view bytes(at, static_cast<std::size_t>(next - at));
    if (harmful(point)) {
        escape(bytes, std::optional(point));
    } else {
        out += bytes;
    }
    return next;
}

}  // namespace

bool is_utf8(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while ((at = skip_ascii(at, end)) != end) {
        // A short window, so that ASCII behind it is skipped fast again. A character cut by the window's end
        // begins the next one; no progress at all means that the text is wrong here.
        const char* const stop = at + std::min<std::ptrdiff_t>(64, end - at);
        const char* const valid_to = utf8::find_invalid(at, stop);
        if (valid_to == at) return false;
        at = valid_to;
    }
    return true;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

std::string printable(std::string_view text, std::size_t limit) {
    constexpr std::string_view dots = "...";
    std::string out;
    std::size_t cut = 0;  // The longest prefix of whole characters that leaves room for the dots.
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto escape = [&out](std::string_view bytes, std::optional<std::uint32_t>) {
        append_escaped(out, bytes);
    };
    while (at != end) {
        at = append_printable(out, at, end, escape);
        if (out.size() + dots.size() <= limit) cut = out.size();
        if (out.size() > limit) {
            out.resize(cut);
            return out.append(dots.substr(0, limit));
        }
    }
    return out;
}

}  // namespace fluentsync::base

namespace fluentsync {

std::string printable(std::string_view text) {
    return base::printable(text, std::string::npos);
}

std::string printable_json(std::string_view json) {
    std::string out;
    const char* at = json.data();
    const char* const end = at + json.size();
    while (at != end) {
        at = base::append_printable(out, at, end,
                                    [&out](std::string_view bytes, std::optional<std::uint32_t> point) {
                                        base::append_json_escaped(out, bytes, point);
                                    });
    }
    return out;
}

}  // namespace fluentsync
