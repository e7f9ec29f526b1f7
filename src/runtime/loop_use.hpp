/// Who works on a loop, so that it is not closed beneath them without a word.
#pragma once

#include <atomic>
#include <memory>

#include "runtime/loop_body.hpp"

namespace fluentsync::runtime {

/// Held by a store, a directory or a git for as long as it is open: its timers, watches and events would fall
/// silent with the loop. Any thread.
class LoopUse {
  public:
    /// `loop` may be null: then nothing is used. Throws Error(closed) when it is closed already.
    explicit LoopUse(std::shared_ptr<LoopBody> loop);
    LoopUse(const LoopUse&) = delete;
    LoopUse& operator=(const LoopUse&) = delete;
    /// end().
    ~LoopUse();
    /// Idempotent.
    void end() noexcept;

  private:
    const std::shared_ptr<LoopBody> loop_;
    std::atomic<bool> ended_{false};
};

}  // namespace fluentsync::runtime
