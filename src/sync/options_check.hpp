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

/// Throw Error(invalid_options), which names the option in snake_case, what it is and what it takes.
void check_options(const StoreOptions& options);
void check_options(const DirectoryOptions& options);
/// Does nothing when git is not enabled.
void check_options(const GitOptions& options);

}  // namespace fluentsync::sync
