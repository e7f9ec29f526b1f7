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
        // On its own thread, or in use: the body ends by itself when its last user lets it go. A lent loop is
        // the host's, who will end it: what is ours on it goes now.
        if (!body_->owned()) body_->close();
    }
}

void EventLoop::post(std::function<void()> task) {
    body_->post(std::move(task));
}

bool EventLoop::on_loop_thread() const noexcept {
    return body_->on_loop_thread();
}

void EventLoop::close() {
    if (!body_->closed() && body_->uses() > 0)
        throw Error(ErrorCode::misuse,
                    "an event loop cannot be closed beneath what is open on it; close the workspace (or git, "
                    "directory and store) first");
    body_->close();
}

}  // namespace fluentsync
