// Set-up 2: full automation.
//
// A write to the store is all the application does. File, commit and push follow by themselves; every five
// minutes, what other machines pushed comes in.
//
// usage: full_automation FOLDER REMOTE
#include <chrono>
#include <condition_variable>
#include <fluentsync/fluentsync.hpp>
#include <iostream>
#include <mutex>

namespace {

/// Prints what happens, and lets main() wait for the push. Observers run on the loop thread: be brief there.
class Printer : public fluentsync::Observer {
  public:
    void on_events(const std::vector<fluentsync::Event>& batch) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (const auto& event : batch) {
            std::cout << fluentsync::event_name(event.kind) << ' ' << event.path << event.message << '\n';
            if (event.kind == fluentsync::EventKind::git_pushed) pushed_ = true;
        }
        changed_.notify_all();
    }

    bool wait_for_push(std::chrono::seconds limit) {
        std::unique_lock<std::mutex> lock(mutex_);
        return changed_.wait_for(lock, limit, [this] { return pushed_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool pushed_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: full_automation FOLDER REMOTE\n";
        return 2;
    }
    const std::string folder = argv[1];
    try {
        fluentsync::WorkspaceOptions options;
        options.store.path = folder + ".db";
        options.directory.sync_path = folder;
        options.git.remote = argv[2];
        options.git.auto_sync = true;
        options.git.auto_push = true;
        options.git.sync_interval = std::chrono::minutes(5);  // the default, spelt out

        Printer printer;
        fluentsync::Workspace brain(options);
        const auto subscription = brain.subscribe(printer);
        brain.start();
        brain.store().put({"note", "hello", "---\ntitle: Hello\n---\n\nWritten by the application.\n"});

        // A real host goes on with its work. This one waits to show that nothing else is needed.
        const bool pushed = printer.wait_for_push(std::chrono::seconds(60));
        brain.close();
        if (!pushed) std::cerr << "no push within a minute\n";
        return pushed ? 0 : 1;
    } catch (const fluentsync::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
