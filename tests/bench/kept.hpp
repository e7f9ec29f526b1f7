/// Rows of an earlier run beside those of now: which of them got worse.
#pragma once

#include <string>

#include "table.hpp"

namespace fluentsync::bench {

/// A row is worse when ours divided by the peer's (or ours alone, where a row has no peer) is more than this
/// above what it was. Ratios, since machines differ from each other and from day to day; medians.
inline constexpr double kWorse = 1.10;

/// A Markdown table of all rows that both runs have, told row by row; those of either that the other lacks
/// are named below it. `text` is what --json wrote; throws std::runtime_error where it is none.
struct Comparison {
    std::string markdown;
    int worse = 0;
};
Comparison compare_with_kept(const Table& now, const std::string& text);

}  // namespace fluentsync::bench
