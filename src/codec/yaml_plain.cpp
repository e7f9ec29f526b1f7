// What a plain scalar means in the core schema of YAML 1.2. libyaml leaves this to its callers.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/text.hpp"
#include "codec/yaml_node.hpp"

namespace fluentsync::codec {

namespace {

using nlohmann::ordered_json;

/// No number that JSON can keep is written longer; what is longer stays text, and costs nothing.
constexpr std::size_t kLongestNumber = 400;

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<std::string_view, n>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

template <class Number>
std::optional<Number> convert(std::string_view digits, int radix) {
    Number number{};
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number, radix);
    if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

/// Nothing when it is no integer of the schema, or one beyond 64 bits.
std::optional<ordered_json> integer(std::string_view text) {
    const auto prefix = text.substr(0, 2);
    if (text.size() > 2 && (prefix == "0x" || prefix == "0o")) {
        const auto digits = text.substr(2);
        if (digits[0] == '-' || digits[0] == '+') return std::nullopt;
        const auto number = convert<std::uint64_t>(digits, prefix == "0x" ? 16 : 8);
        return number ? std::optional<ordered_json>(*number) : std::nullopt;
    }
    if (text[0] == '+') {
        text.remove_prefix(1);
        if (text.empty() || !base::is_digit(text[0])) return std::nullopt;
    }
    if (text[0] == '-') {
        const auto number = convert<std::int64_t>(text, 10);
        return number ? std::optional<ordered_json>(*number) : std::nullopt;
    }
    const auto number = convert<std::uint64_t>(text, 10);
    return number ? std::optional<ordered_json>(*number) : std::nullopt;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, and not an integer: those that reach
/// here without a point or an exponent are beyond 64 bits.
bool is_float(std::string_view text) {
    std::size_t at = text[0] == '-' || text[0] == '+' ? 1 : 0;
    const auto digits = [&] {
        const auto from = at;
        while (at < text.size() && base::is_digit(text[at]))
            ++at;
        return at - from;
    };
    const auto whole = digits();
    const bool point = at < text.size() && text[at] == '.';
    if (point) ++at;
    const auto fraction = point ? digits() : 0;
    if (whole + fraction == 0) return false;
    if (at == text.size()) return point;
    if (text[at] != 'e' && text[at] != 'E') return false;
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    return digits() > 0 && at == text.size();
}

std::optional<ordered_json> floating(std::string_view text) {
    if (!is_float(text)) return std::nullopt;
    if (text[0] == '+') text.remove_prefix(1);
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

}  // namespace

ordered_json resolve_plain(std::string_view text) {
    static constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
    static constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
    static constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};
    if (is_one_of(text, kNull)) return nullptr;
    if (is_one_of(text, kTrue)) return true;
    if (is_one_of(text, kFalse)) return false;
    const char first = text[0];
    const bool may_be_number = base::is_digit(first) || first == '-' || first == '+' || first == '.';
    if (may_be_number && text.size() <= kLongestNumber) {
        if (auto number = integer(text)) return *std::move(number);
        if (auto number = floating(text)) return *std::move(number);
    }
    return std::string(text);
}

}  // namespace fluentsync::codec
