/// When a batch of changes is due: quiet for the debounce, or waited for too long. Pure; times are steady ms.
#pragma once

#include <cstdint>
#include <optional>

namespace fluentsync::plan {

class Debounce {
  public:
    /// `most` is the longest that the first change of a batch waits; below `quiet` it counts as `quiet`.
    Debounce(std::int64_t quiet_ms, std::int64_t most_ms);
    /// A change arrived. Returns when the batch is due now (it moves later with each touch, up to the bound).
    std::int64_t touch(std::int64_t now_ms);
    /// Due time of the waiting batch, if any.
    std::optional<std::int64_t> due() const;
    bool is_due(std::int64_t now_ms) const;
    /// The batch is taken: the next touch begins another.
    void take();

  private:
    std::int64_t quiet_;
    std::int64_t most_;
    std::optional<std::int64_t> first_;
    std::int64_t last_ = 0;
};

}  // namespace fluentsync::plan
