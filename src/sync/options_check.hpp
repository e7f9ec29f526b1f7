/// Ranges and contradictions of options, checked before anything is opened.
#pragma once

#include <chrono>
#include <cstdint>

#include "fluentsync/options.hpp"

namespace fluentsync::sync {

/// No wait of ours is longer: sums and multiples of two stay far from overflow.
inline constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24 * 366);
/// What SQLite's 32-bit cache_size takes.
inline constexpr std::int64_t kLargestCacheKib = std::int64_t{1} << 30;

}  // namespace fluentsync::sync
