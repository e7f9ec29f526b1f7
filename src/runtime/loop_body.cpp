#include "runtime/loop_body.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "fluentsync/error.hpp"
#include "runtime/loop_handles.hpp"
#include "runtime/posix_path.hpp"
#include "runtime/thread.hpp"

namespace fluentsync::runtime {
namespace {

/// libuv makes a pipe for signals with its first loop, and aborts where it cannot.
void require_descriptors() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw Error(ErrorCode::io,
                    std::string("cannot make an event loop: ") + std::generic_category().message(errno));
    }
    ::close(ends[0]);
    ::close(ends[1]);
}

/// Until all handles are closed.
void run_to_the_end(uv_loop_t& loop) {
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
}

}  // namespace

// libuv aborts when it is to close a standard stream: what a loop opens must never be one.
std::shared_ptr<LoopBody> LoopBody::own() {
    const StandardStreamsTaken taken;
    require_descriptors();
    const auto loop = std::make_shared<uv_loop_t>();
    if (const int failed = uv_loop_init(loop.get())) {
        throw Error(ErrorCode::io, std::string("cannot make an event loop: ") + uv_strerror(failed));
    }
    std::shared_ptr<LoopBody> body(new LoopBody(LoopHandles::open(loop.get(), true)));
    body->start(loop);
    return body;
}

void LoopBody::start(const std::shared_ptr<uv_loop_t>& loop) try {
    // The thread holds what it uses: a body that is let go on its own thread leaves first.
    thread_ = start_thread("fluentsync-loop", [loop, handles = handles_] { run_to_the_end(*loop); });
    handles_->set_thread(thread_.get_id());
    owned_ = true;
} catch (const std::system_error& error) {
    handles_->close();
    run_to_the_end(*loop);
    throw Error(ErrorCode::io, std::string("cannot start the event loop's thread: ") + error.what());
}

std::shared_ptr<LoopBody> LoopBody::lend(uv_loop_t* loop) {
    if (!loop) throw Error(ErrorCode::invalid_argument, "the lent event loop is null");
    const StandardStreamsTaken taken;
    return std::shared_ptr<LoopBody>(new LoopBody(LoopHandles::open(loop, false)));
}

LoopBody::LoopBody(std::shared_ptr<LoopHandles> handles) : handles_(std::move(handles)) {}

LoopBody::~LoopBody() {
    if (owned_ && on_loop_thread()) {
        handles_->ask_to_close();
        thread_.detach();
    } else {
        close();
    }
}

bool LoopBody::post(std::function<void()> task) {
    return handles_->post(std::move(task));
}

bool LoopBody::on_loop_thread() const noexcept {
    return handles_->thread() == std::this_thread::get_id();
}

void LoopBody::close() {
    if (!owned_) return handles_->close();
    if (on_loop_thread()) {
        throw Error(ErrorCode::misuse,
                    "an event loop cannot be closed on its own thread; close it from another");
    }
    handles_->ask_to_close();
    const std::lock_guard lock(joining_);
    if (!thread_.joinable()) return;
    thread_.join();
    handles_->set_thread({});  // The system may give the id to another thread.
}

bool LoopBody::closed() const noexcept {
    return handles_->closed();
}

}  // namespace fluentsync::runtime
