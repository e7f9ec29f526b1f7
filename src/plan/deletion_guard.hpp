/// Whether a batch of vanished files may be believed. Pure.
#pragma once

#include <cstdint>

namespace fluentsync::plan {

struct GuardLimits {
    std::int64_t min_count = 5;
    double max_fraction = 0.3;
    std::int64_t max_count = 1000;
};

/// Entities count among the files, too; the other files are plain.
struct DeletionCount {
    std::int64_t files = 0;
    std::int64_t entities = 0;
    DeletionCount& operator+=(const DeletionCount& more) {
        files += more.files;
        entities += more.entities;
        return *this;
    }
};

/// True: hold the batch until a person confirms. `known` counts the paths that were there before.
/// Held when nothing at all would remain of two or more, when `deletions` >= min_count and more than
/// max_fraction of `known`, or when `deletions` > max_count.
bool must_hold(const GuardLimits& limits, std::int64_t deletions, std::int64_t known);

}  // namespace fluentsync::plan
