#include "runtime/loop_use.hpp"

#include <utility>

#include "fluentsync/error.hpp"

namespace fluentsync::runtime {

LoopUse::LoopUse(std::shared_ptr<LoopBody> loop) : loop_(std::move(loop)) {
    if (!loop_) return;
    if (loop_->closed()) throw Error(ErrorCode::closed, "the event loop is closed; open another");
    ++loop_->uses();
}

LoopUse::~LoopUse() {
    end();
}

void LoopUse::end() noexcept {
    if (loop_ && !ended_.exchange(true)) --loop_->uses();
}

}  // namespace fluentsync::runtime
