/// Values of a front matter that only grow: dates, times and counters.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace fluentsync::codec {

/// Less than zero, zero or more: `a` is before, at or behind `b`. Both must be of one kind, else nothing:
/// numbers; dates (2024-05-01, with or without a time of day, "T" or a blank between, a fraction, "Z" or
/// +02:00; without a zone it is UTC, a date alone is its midnight); or times of day (12:30, 12:30:05).
std::optional<int> compare_moments(const nlohmann::ordered_json& a, const nlohmann::ordered_json& b);

}  // namespace fluentsync::codec
