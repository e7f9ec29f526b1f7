#include "fluentsync/event_loop.hpp"

#include "fluentsync/error.hpp"
#include "runtime/loop_body.hpp"

namespace fluentsync {

EventLoop::EventLoop() : body_(runtime::LoopBody::own()) {}

EventLoop::EventLoop(uv_loop_t* lent) : body_(runtime::LoopBody::lend(lent)) {}

EventLoop::~EventLoop() {
    try {
        close();
    } catch (const Error&) {
        // On the loop's own thread: the body ends by itself when its last user lets it go.
    }
}

void EventLoop::post(std::function<void()> task) {
    body_->post(std::move(task));
}

bool EventLoop::on_loop_thread() const noexcept {
    return body_->on_loop_thread();
}

void EventLoop::close() {
    body_->close();
}

}  // namespace fluentsync
