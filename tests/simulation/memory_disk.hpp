/// A folder tree in memory, as a local file system behaves: inodes, stamps, atomic renames, inotify events.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/file_system.hpp"
#include "virtual_clock.hpp"

namespace simulation {

using fluentsync::runtime::FileKind;
using fluentsync::runtime::FileStat;

struct Node {
    FileStat stat;
    std::string bytes;
    std::map<std::string, std::shared_ptr<Node>> children;
};
using NodePtr = std::shared_ptr<Node>;

/// One process's inotify instance. Watches are on inodes, as the kernel's are.
class Inotify {
  public:
    struct Event {
        int wd;
        std::uint32_t mask;
        std::string name;
    };
    int watch(const NodePtr& folder);
    void unwatch(int wd);
    void tell(const Node* folder, std::uint32_t mask, const std::string& name);
    /// The folder was deleted.
    void tell_gone(const Node* folder);
    /// Its file system was unmounted.
    void tell_unmounted(const Node* folder);

    std::deque<Event> queue;

  private:
    std::map<int, const Node*> nodes_;
    std::map<const Node*, int> watches_;
    std::vector<NodePtr> kept_;  ///< A watched inode is not given to another folder.
    int next_ = 1;
};

/// Paths are relative and '/'-separated; "" is the root. Every function is one step that nobody can cut.
class MemoryDisk {
  public:
    explicit MemoryDisk(VirtualClock& clock);

    NodePtr find(const std::string& path) const;
    /// Null when the parent is missing or no folder.
    NodePtr parent(const std::string& path) const;
    bool make_folder(const std::string& path);
    bool make_folders(const std::string& path);
    /// A new file. False when the name is taken or its folder is missing. `exact`: the modification time is
    /// set to the exact time.
    bool create(const std::string& path, const std::string& bytes, std::uint32_t mode, bool exact);
    /// Writes over the file in place, as a program that opens it does. `keep_time`: sets the old mtime again.
    bool overwrite(const std::string& path, const std::string& bytes, bool keep_time);
    bool remove_file(const std::string& path);
    bool remove_folder(const std::string& path);
    /// As rename(2): replaces a file, moves folders.
    bool rename(const std::string& from, const std::string& to);
    bool exchange(const std::string& a, const std::string& b);

    /// What lies in this folder is a file system of its own from now on. False: it is no folder, or there is
    /// such a file system already.
    bool mount(const std::string& path);
    /// Takes it away, or mounts it again: then there is an empty folder meanwhile, in which nothing can be
    /// made.
    void set_mounted(bool mounted);
    /// Where there is one, mounted or not; empty: nowhere.
    const std::string& mount_point() const { return mount_.path; }
    bool is_mounted() const { return mount_.there; }
    bool is_hidden(const std::string& path) const;
    /// Every file, in the order of paths.
    void for_each_file(const std::function<void(const std::string&, const Node&)>& call) const;

    std::vector<Inotify*> watchers;
    std::int64_t writes = 0;  ///< Steps that changed anything.

  private:
    struct Mount {
        std::string path;
        NodePtr files;
        NodePtr below;  ///< The folder that it is mounted on.
        bool there = false;
    };

    bool is_busy(const std::string& path) const { return !path.empty() && path == mount_.path; }
    NodePtr make(FileKind kind);
    void tell(const NodePtr& folder, std::uint32_t mask, const std::string& name, const Node& node);
    void touch(Node& folder);

    VirtualClock& clock_;
    std::uint64_t next_inode_ = 100;
    NodePtr root_;
    Mount mount_;
};

std::string name_of(const std::string& path);
std::string parent_of(const std::string& path);

}  // namespace simulation
