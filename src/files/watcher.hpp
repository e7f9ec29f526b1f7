/// Native file watching: inotify on the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/file_system.hpp"
#include "runtime/loop_body.hpp"

namespace fluentsync::files {

/// Called on the loop thread or the thread that called drain(); must return at once.
struct WatchSink {
    /// Files that were written and closed, moved, removed or made. Paths may repeat.
    std::function<void(std::vector<std::string>&&)> on_files;
    /// A folder appeared (made or moved in), or its mode changed, so that it may be readable by now: the
    /// receiver calls watch_tree() on it, off the loop, and scans it after.
    std::function<void(const std::string&)> on_folder_added;
    /// A folder is gone (removed or moved out): everything known below it is to be looked at.
    std::function<void(const std::string&)> on_folder_gone;
    /// The kernel's queue overflowed: look at everything.
    std::function<void()> on_overflow;
    /// The loop cannot hear the kernel: nothing will be told, so rescans must stand in (last_problem() says
    /// why).
    std::function<void()> on_deaf;
    /// The root itself was removed, moved or unmounted, or .fluentsync was taken out of it: verify the claim.
    std::function<void()> on_root_gone;
};

/// Events are only hints about where to look: files that were written and closed, made (also hard links),
/// removed or moved. A file's change of mode alone, a write through a memory map and one by truncate(2) are
/// left to the rescan. Folders are never followed through links. Without any inotify instance left it watches
/// nothing.
class Watcher {
  public:
    Watcher(std::shared_ptr<runtime::LoopBody> loop, std::shared_ptr<runtime::Folder> root, WatchSink sink);
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    /// No sink call after this returns (on another thread than the loop's).
    ~Watcher();
    /// Watches one folder and none below: for a walk that calls it before it lists the folder (scan()'s
    /// `enter`), so that one walk both watches and scans. Any thread, off the loop. False as watch_tree().
    bool watch_folder(const std::string& folder);
    /// Watches `folder` ("" is the root) and every folder below that `enter` allows. Call before scanning,
    /// off the loop thread. False when watches ran out (the limit is named in last_problem()): rescans must
    /// stand in. A folder that vanishes meanwhile, or may not be read, is skipped. Excluded folders (codec)
    /// are never watched.
    bool watch_tree(const std::string& folder, const std::function<bool(const std::string&)>& enter);
    /// Reads what the kernel has queued now, on the calling thread, and hands it to the sink before it
    /// returns.
    void drain();
    std::string last_problem() const;
    std::size_t watch_count() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace fluentsync::files
