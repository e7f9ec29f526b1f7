/// The libuv loop on which timers, file watches and observers run.
#ifndef FLUENTSYNC_EVENT_LOOP_HPP
#define FLUENTSYNC_EVENT_LOOP_HPP

#include <functional>
#include <memory>

struct uv_loop_s;
typedef struct uv_loop_s uv_loop_t;

namespace fluentsync {

namespace runtime {
class LoopBody;
}

/// Owner: the host; it must outlive every store, directory, git and workspace made on it. Destroyed beneath
/// one that is open, a thread of our own goes on until the last of them is gone; on a lent loop they tell and
/// do nothing by themselves any more, and what is pending stays in the database for the next start.
/// Thread: with the library's own thread, construct and close from any thread but the loop's. With a lent
/// loop, construct and close on the thread that runs the loop, or while no thread runs it.
/// The loop never does disk, SQL, git or network work.
class EventLoop {
  public:
    /// A loop of our own, on a thread of our own.
    EventLoop();
    /// A loop that the host lends and runs. Our handles are unreferenced, so they do not keep uv_run() alive:
    /// the loop turns for us only while it has a live handle of the host's. After close(), let the loop turn
    /// once more, so that it can finish closing them, before uv_loop_close().
    explicit EventLoop(uv_loop_t* lent);
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    ~EventLoop();

    /// Runs `task` on the loop thread soon. Any thread. Tasks posted after close() are dropped.
    void post(std::function<void()> task);
    /// Whether the caller is on the loop thread.
    bool on_loop_thread() const noexcept;
    /// Stops and joins. Idempotent; the destructor calls it. Throws Error(misuse), and nothing is closed,
    /// while a store, directory, git or workspace on it is open, and on its own thread. What is made on it
    /// afterwards is Error(closed).
    void close();

    /// For the library's own classes.
    const std::shared_ptr<runtime::LoopBody>& body() const noexcept { return body_; }

  private:
    std::shared_ptr<runtime::LoopBody> body_;
};

}  // namespace fluentsync

#endif
