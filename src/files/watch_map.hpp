/// What inotify's events mean, apart from reading them: no system call here.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace fluentsync::files {

/// What one reading of the queue says, as paths relative to the root.
struct WatchBatch {
    std::vector<std::string> files;
    std::vector<std::string> folders_added;
    std::vector<std::string> folders_gone;
    bool overflow = false;
    bool root_gone = false;
};

/// Which folder each watch descriptor stands for. A folder that leaves its path loses its watches and those
/// below it, and is reported as gone; where it arrives, it is reported as added and watched anew. So no path
/// is ever wrong for longer than its event waits in the queue. Not thread-safe.
class WatchMap {
  public:
    /// Returns the descriptors that this makes obsolete (another folder was at that path): to be removed.
    std::vector<int> set(int descriptor, const std::string& folder);
    /// Reads a buffer of struct inotify_event. Descriptors to be removed are appended to `obsolete`.
    void interpret(const char* data, std::size_t size, WatchBatch& batch, std::vector<int>& obsolete);
    std::size_t size() const { return folders_.size(); }

  private:
    void forget(int descriptor);
    void forget_below(const std::string& folder, std::vector<int>& obsolete);
    void on_own_event(int descriptor, const std::string& folder, unsigned mask, WatchBatch& batch);
    void on_folder_entry(const std::string& path, unsigned mask, WatchBatch& batch,
                         std::vector<int>& obsolete);

    std::unordered_map<int, std::string> folders_;
    std::map<std::string, int> descriptors_;
};

}  // namespace fluentsync::files
