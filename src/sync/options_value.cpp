#include "sync/options_value.hpp"

#include <cctype>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "fluentsync/error.hpp"
#include "sync/options_check.hpp"

namespace fluentsync::sync {
namespace {

using nlohmann::json;

/// A value as an error message shows it: short, on one line, without the password of a URL.
std::string shown(const json& value) {
    if (value.is_array()) return "an array";
    if (value.is_object()) return "an object";
    const auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return base::printable(base::redact(text), 60);
}

}  // namespace

std::string option_place(std::string_view section, std::string_view name) {
    const auto place = '"' + base::printable(base::redact(name), 60) + '"';
    return section.empty() ? place : place + " in \"" + std::string(section) + '"';
}

void OptionValue::refuse(std::string_view takes) const {
    throw Error(ErrorCode::invalid_options, "option " + option_place(section_, name_) + " takes " +
                                                std::string(takes) + ", not " + shown(value_));
}

std::string OptionValue::text() const {
    if (!value_.is_string()) refuse("a string");
    return value_.get<std::string>();
}

bool OptionValue::flag() const {
    if (!value_.is_boolean()) refuse("true or false");
    return value_.get<bool>();
}

std::int64_t OptionValue::integer(std::int64_t least, std::int64_t most) const {
    // An unsigned number beyond 63 bits would come out negative.
    const bool fits =
        value_.is_number_unsigned() ? value_.get<std::uint64_t>() <= INT64_MAX : value_.is_number_integer();
    if (fits && value_.get<std::int64_t>() >= least && value_.get<std::int64_t>() <= most) {
        return value_.get<std::int64_t>();
    }
    if (most == INT64_MAX) refuse("a whole number of at least " + std::to_string(least));
    refuse("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

double OptionValue::fraction() const {
    const double value = value_.is_number() ? value_.get<double>() : -1.0;
    if (!(value >= 0.0 && value <= 1.0)) refuse("a number from 0 to 1");
    return value;
}

std::chrono::milliseconds OptionValue::milliseconds(std::int64_t least) const {
    const bool whole = value_.is_number_integer();
    const auto most = kLongestWait.count();
    // Compared as a double first: integer() names no unit.
    if (!whole || value_.get<double>() < static_cast<double>(least) ||
        value_.get<double>() > static_cast<double>(most)) {
        refuse("whole milliseconds from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return std::chrono::milliseconds(value_.get<std::int64_t>());
}

double OptionValue::seconds_above_zero() const {
    const auto most = std::chrono::duration_cast<std::chrono::seconds>(kLongestWait).count();
    const double value = value_.is_number() ? value_.get<double>() : 0.0;
    if (!(value > 0.0 && value <= static_cast<double>(most))) {
        refuse("seconds above 0 up to " + std::to_string(most));
    }
    return value;
}

std::vector<std::string> OptionValue::texts() const {
    constexpr std::string_view takes = "an array of strings";
    if (!value_.is_array()) refuse(takes);
    std::vector<std::string> texts;
    for (const auto& item : value_) {
        if (!item.is_string()) refuse(takes);
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

const json& OptionValue::object() const {
    if (!value_.is_object()) refuse("an object");
    return value_;
}

std::string OptionValue::snake_case(std::string_view camel) {
    std::string snake;
    for (const char c : camel) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isupper(byte)) snake += '_';
        snake += static_cast<char>(std::tolower(byte));
    }
    return snake;
}

}  // namespace fluentsync::sync
