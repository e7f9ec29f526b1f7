#include "runtime/loop_body.hpp"
#include "runtime/loop_handles.hpp"

namespace fluentsync::runtime {

Timer::Timer(std::shared_ptr<LoopBody> loop, std::function<void()> fire)
    : loop_(std::move(loop)), entry_(std::make_shared<TimerEntry>(std::move(fire))) {}

Timer::~Timer() {
    loop_->handles_->end(*entry_);
}

void Timer::arm(std::chrono::milliseconds delay) {
    loop_->handles_->arm(*entry_, delay, false);
}

void Timer::arm_no_later(std::chrono::milliseconds delay) {
    loop_->handles_->arm(*entry_, delay, true);
}

void Timer::cancel() {
    loop_->handles_->disarm(*entry_);
}

}  // namespace fluentsync::runtime
