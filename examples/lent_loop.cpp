// A host with a libuv loop of its own lends it: timers, file watches and observers then run on the host's
// thread, and none of its data needs a lock. Disk, SQL and network stay on the library's threads.
//
// usage: lent_loop FOLDER REMOTE
#include <uv.h>

#include <fluentsync/fluentsync.hpp>
#include <iostream>

namespace {

/// Runs on the host's own loop, so it may touch whatever the host does there; here it ends uv_run().
class Printer : public fluentsync::Observer {
  public:
    explicit Printer(uv_loop_t* loop) : loop_(loop) {}

    void on_events(const std::vector<fluentsync::Event>& batch) override {
        for (const auto& event : batch) {
            std::cout << fluentsync::event_name(event.kind) << ' ' << event.path << event.message << '\n';
            if (event.kind == fluentsync::EventKind::git_pushed) uv_stop(loop_);
        }
    }

  private:
    uv_loop_t* loop_;
};

void give_up(uv_timer_t* timer) {
    std::cerr << "lent_loop: nothing was pushed within a minute\n";
    uv_stop(timer->loop);
}

void run(uv_loop_t* uv, const std::string& folder, const std::string& remote) {
    fluentsync::WorkspaceOptions options;
    options.store.path = folder + ".db";
    options.directory.sync_path = folder;
    options.directory.sync_debounce = std::chrono::milliseconds(100);
    options.git.remote = remote;
    options.git.auto_sync = true;
    options.git.auto_push = true;
    options.git.commit_debounce = std::chrono::milliseconds(200);

    fluentsync::EventLoop loop(uv);  // Lent until it is closed, at the end of this function.
    fluentsync::Workspace brain(loop, options);
    Printer printer(uv);
    const auto subscription = brain.subscribe(printer);
    brain.start();
    brain.store().put({"note", "hello", "# Hello\n"});
    // Our handles do not keep uv_run() alive; the host's do.
    uv_run(uv, UV_RUN_DEFAULT);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: lent_loop FOLDER REMOTE\n";
        return 2;
    }
    uv_loop_t uv;
    uv_timer_t limit;
    uv_loop_init(&uv);
    uv_timer_init(&uv, &limit);
    uv_timer_start(&limit, give_up, 60'000, 0);
    int result = 0;
    try {
        run(&uv, argv[1], argv[2]);
    } catch (const fluentsync::Error& error) {
        std::cerr << "lent_loop: " << error.what() << '\n';
        result = 1;
    }
    uv_close(reinterpret_cast<uv_handle_t*>(&limit), nullptr);
    uv_run(&uv, UV_RUN_DEFAULT);  // One more turn: closing handles, ours among them, ends on the loop.
    uv_loop_close(&uv);
    return result;
}
