/// Whether a batch of vanished files may be believed. Pure.
#pragma once

#include <cstdint>

namespace fluentsync::plan {

struct GuardLimits {
    std::int64_t min_count = 5;
    double max_fraction = 0.3;
    std::int64_t max_count = 1000;
};

/// True: hold the batch until a person confirms. `known` counts the paths that were there before.
/// Held when nothing at all would remain of two or more, when `deletions` >= min_count and more than
/// max_fraction of `known`, or when `deletions` > max_count.
bool must_hold(const GuardLimits& limits, std::int64_t deletions, std::int64_t known);

}  // namespace fluentsync::plan
