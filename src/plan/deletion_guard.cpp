#include "plan/deletion_guard.hpp"

namespace fluentsync::plan {

bool must_hold(const GuardLimits& limits, std::int64_t deletions, std::int64_t known) {
    if (deletions <= 0) return false;
    if (known >= 2 && deletions >= known) return true;
    if (deletions > limits.max_count) return true;
    return deletions >= limits.min_count &&
           static_cast<double>(deletions) > limits.max_fraction * static_cast<double>(known);
}

}  // namespace fluentsync::plan
