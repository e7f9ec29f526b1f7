/// Several processes that share one tally: a world owns its process's globals, so two cores take two of them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>

namespace simulation {

constexpr int kMostJobs = 64;

struct Tally {
    std::atomic<std::uint64_t> next_seed{0};
    std::atomic<std::int64_t> runs{0};
    std::atomic<std::int64_t> steps{0};
    std::atomic<std::int64_t> failures{0};
    std::array<std::atomic<std::uint64_t>, kMostJobs> current_seed{};  ///< Of each process.
};

/// Made before the processes are, and seen by all of them.
class SharedTally {
  public:
    SharedTally();
    SharedTally(const SharedTally&) = delete;
    SharedTally& operator=(const SharedTally&) = delete;
    ~SharedTally();
    Tally& operator*() const { return *tally_; }
    Tally* operator->() const { return tally_; }

  private:
    Tally* tally_;
};

/// Calls `work` with 0, 1 ... in so many processes (one: in this one) and waits for them. A process that dies
/// counts as a failure, and is told of on standard output.
void in_processes(int jobs, Tally& tally, const std::function<void(int job)>& work);

}  // namespace simulation
