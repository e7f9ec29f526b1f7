/// What the watcher reported and nobody has looked at yet: coalesced and bounded. Pure; the owner locks.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace fluentsync::plan {

class PendingPaths {
  public:
    /// Beyond `most` paths they are dropped for one look at everything.
    explicit PendingPaths(std::size_t most) : most_(most) {}

    void add_files(std::vector<std::string>&& paths);
    void add_folder(const std::string& folder);
    void folder_gone(const std::string& folder);
    void look_at_everything();

    bool empty() const;
    /// Things waiting; a look at everything counts as one.
    std::size_t size() const;

    struct Batch {
        std::vector<std::string> files;
        std::vector<std::string> folders_added;
        std::vector<std::string> folders_gone;
        bool everything = false;
        bool empty() const {
            return files.empty() && folders_added.empty() && folders_gone.empty() && !everything;
        }
    };
    /// Hands out what waits and forgets it.
    Batch take();

  private:
    void bound();

    std::size_t most_;
    std::set<std::string> files_;
    std::set<std::string> added_;
    std::set<std::string> gone_;
    bool everything_ = false;
};

}  // namespace fluentsync::plan
