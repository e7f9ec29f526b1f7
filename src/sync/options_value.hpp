/// One value of an options JSON, read as the kind that its option takes.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluentsync::sync {

/// Every function throws Error(invalid_options): which option, what it takes, what it got.
class OptionValue {
  public:
    /// `section` is empty at the top of the JSON. Both outlive the value.
    OptionValue(const nlohmann::json& value, std::string_view section, std::string_view name)
        : value_(value), section_(section), name_(name) {}

    bool is_null() const { return value_.is_null(); }
    std::string text() const;
    bool flag() const;
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    double fraction() const;
    std::chrono::milliseconds milliseconds(std::int64_t least = 0) const;
    /// Seconds, perhaps with a fraction, rounded up to whole units of the result.
    template <class Duration>
    Duration seconds() const {
        return std::chrono::ceil<Duration>(std::chrono::duration<double>(seconds_above_zero()));
    }
    std::vector<std::string> texts() const;
    const nlohmann::json& object() const;

    template <class Choice>
    Choice one_of(std::initializer_list<std::pair<std::string_view, Choice>> choices) const {
        std::string takes;
        const auto word = value_.is_string() ? value_.get<std::string>() : std::string();
        for (const auto& [name, choice] : choices) {
            if (word == name || word == snake_case(name)) return choice;
            takes += (takes.empty() ? "\"" : ", \"") + std::string(name) + '"';
        }
        refuse("one of " + takes);
    }

    [[noreturn]] void refuse(std::string_view takes) const;

  private:
    static std::string snake_case(std::string_view camel);
    double seconds_above_zero() const;

    const nlohmann::json& value_;
    std::string_view section_;
    std::string_view name_;
};

/// `"syncDebounce" in "directory"`, or only the name at the top.
std::string option_place(std::string_view section, std::string_view name);

}  // namespace fluentsync::sync
