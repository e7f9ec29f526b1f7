/// Small questions about text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::base {

bool is_utf8(std::string_view text);

/// In ASCII, whatever the locale.
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number that the whole text is; nothing where it is none, or too large.
std::optional<std::int64_t> number_in(std::string_view text);

/// fluentsync::printable(), cut at `limit` bytes with "...": fit for a one-line message.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace fluentsync::base
