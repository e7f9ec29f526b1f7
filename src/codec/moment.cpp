#include "codec/moment.hpp"

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace fluentsync::codec {

namespace {

/// Longer is no date, and std::regex recurses.
constexpr std::size_t kLongestMoment = 48;

struct Moment {
    bool has_date;
    std::int64_t nanoseconds;
};

std::int64_t number_of(const std::ssub_match& match) {
    return match.matched && match.length() > 0 ? std::stoll(match.str()) : 0;
}

std::int64_t fraction_of(const std::ssub_match& match) {
    return match.matched ? std::stoll((match.str() + "000000000").substr(0, 9)) : 0;
}

std::optional<Moment> moment_of(const nlohmann::ordered_json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > kLongestMoment) return std::nullopt;
    static const std::regex form(
        R"((?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:(?:^|[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)"
        R"(\s*(?:[Zz]|([+-])(\d{1,2}):?(\d{2})?)?)?)");
    std::smatch part;
    if (text.empty() || !std::regex_match(text, part, form)) return std::nullopt;
    using namespace std::chrono;
    std::int64_t days = 0;
    if (part[1].matched) {
        const year_month_day date(year(static_cast<int>(number_of(part[1]))),
                                  month(static_cast<unsigned>(number_of(part[2]))),
                                  day(static_cast<unsigned>(number_of(part[3]))));
        // Beyond that, nanoseconds overflow.
        if (!date.ok() || date.year() < year(1700) || date.year() > year(2250)) return std::nullopt;
        days = sys_days(date).time_since_epoch().count();
    }
    const std::int64_t hour = number_of(part[4]);
    if (hour > 24 || number_of(part[5]) > 59 || number_of(part[6]) > 60) return std::nullopt;
    std::int64_t seconds = days * 86400 + hour * 3600 + number_of(part[5]) * 60 + number_of(part[6]);
    const std::int64_t zone = number_of(part[9]) * 3600 + number_of(part[10]) * 60;
    seconds -= part[8].matched && *part[8].first == '-' ? -zone : zone;
    return Moment{part[1].matched, seconds * 1'000'000'000 + fraction_of(part[7])};
}

template <class Value>
int order_of(const Value& a, const Value& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

std::optional<int> compare_moments(const nlohmann::ordered_json& a, const nlohmann::ordered_json& b) {
    if (a.is_number() && b.is_number()) return order_of(a, b);
    const auto first = moment_of(a);
    const auto second = moment_of(b);
    if (!first || !second || first->has_date != second->has_date) return std::nullopt;
    return order_of(first->nanoseconds, second->nanoseconds);
}

}  // namespace fluentsync::codec
