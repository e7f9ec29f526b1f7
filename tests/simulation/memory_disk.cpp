#include "memory_disk.hpp"

#include <sys/inotify.h>

#include <algorithm>

namespace simulation {

std::string name_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

int Inotify::watch(const NodePtr& folder) {
    const auto known = watches_.find(folder.get());
    if (known != watches_.end()) return known->second;
    const int wd = next_++;
    nodes_[wd] = folder.get();
    watches_[folder.get()] = wd;
    kept_.push_back(folder);
    return wd;
}

void Inotify::unwatch(int wd) {
    const auto found = nodes_.find(wd);
    if (found == nodes_.end()) return;
    watches_.erase(found->second);
    nodes_.erase(found);
    queue.push_back({wd, IN_IGNORED, {}});
}

void Inotify::tell(const Node* folder, std::uint32_t mask, const std::string& name) {
    const auto found = watches_.find(folder);
    if (found != watches_.end()) queue.push_back({found->second, mask, name});
}

void Inotify::tell_gone(const Node* folder) {
    const auto found = watches_.find(folder);
    if (found != watches_.end()) unwatch(int{found->second});
}

void Inotify::tell_unmounted(const Node* folder) {
    const auto found = watches_.find(folder);
    if (found == watches_.end()) return;
    queue.push_back({found->second, IN_UNMOUNT, {}});
    unwatch(int{found->second});
}

MemoryDisk::MemoryDisk(VirtualClock& clock) : clock_(clock), root_(make(FileKind::folder)) {}

NodePtr MemoryDisk::make(FileKind kind) {
    auto node = std::make_shared<Node>();
    node->stat.kind = kind;
    node->stat.inode = next_inode_++;
    node->stat.device = 7;
    node->stat.mode = kind == FileKind::folder ? 0755 : 0644;
    node->stat.mtime_ns = node->stat.ctime_ns = clock_.kernel_ns();
    return node;
}

NodePtr MemoryDisk::find(const std::string& path) const {
    NodePtr node = root_;
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        if (node->stat.kind != FileKind::folder) return nullptr;
        const auto child = node->children.find(path.substr(begin, end - begin));
        if (child == node->children.end()) return nullptr;
        node = child->second;
        begin = end + 1;
    }
    return node;
}

NodePtr MemoryDisk::parent(const std::string& path) const {
    NodePtr node = find(parent_of(path));
    return node && node->stat.kind == FileKind::folder && node != mount_.below ? node : nullptr;
}

void MemoryDisk::touch(Node& folder) {
    folder.stat.mtime_ns = folder.stat.ctime_ns = clock_.kernel_ns();
    ++writes;
}

void MemoryDisk::tell(const NodePtr& folder, std::uint32_t mask, const std::string& name, const Node& node) {
    const std::uint32_t kind = node.stat.kind == FileKind::folder ? IN_ISDIR : 0;
    for (Inotify* watcher : watchers) {
        watcher->tell(folder.get(), mask | kind, name);
    }
}

bool MemoryDisk::make_folder(const std::string& path) {
    const NodePtr folder = parent(path);
    if (!folder || folder->children.count(name_of(path)) > 0) return false;
    const NodePtr node = make(FileKind::folder);
    folder->children.emplace(name_of(path), node);
    touch(*folder);
    tell(folder, IN_CREATE, name_of(path), *node);
    return true;
}

bool MemoryDisk::make_folders(const std::string& path) {
    const NodePtr found = find(path);
    if (found) return found->stat.kind == FileKind::folder;
    return make_folders(parent_of(path)) && make_folder(path);
}

bool MemoryDisk::create(const std::string& path, const std::string& bytes, std::uint32_t mode, bool exact) {
    const NodePtr folder = parent(path);
    if (!folder || folder->children.count(name_of(path)) > 0) return false;
    const NodePtr node = make(FileKind::regular);
    node->bytes = bytes;
    node->stat.size = bytes.size();
    if (mode != 0) node->stat.mode = mode;
    node->stat.executable = (node->stat.mode & 0100) != 0;
    // The clock here moves in microseconds: without one nanosecond more it could meet the kernel's tick.
    if (exact) node->stat.mtime_ns = clock_.wall_ns() + 1;
    folder->children.emplace(name_of(path), node);
    touch(*folder);
    tell(folder, IN_CREATE, name_of(path), *node);
    tell(folder, IN_CLOSE_WRITE, name_of(path), *node);
    return true;
}

bool MemoryDisk::overwrite(const std::string& path, const std::string& bytes, bool keep_time) {
    const NodePtr node = find(path);
    if (!node || node->stat.kind != FileKind::regular) return false;
    node->bytes = bytes;
    node->stat.size = bytes.size();
    node->stat.ctime_ns = clock_.kernel_ns();
    if (!keep_time) node->stat.mtime_ns = node->stat.ctime_ns;
    ++writes;
    tell(parent(path), IN_CLOSE_WRITE, name_of(path), *node);
    return true;
}

bool MemoryDisk::remove_file(const std::string& path) {
    const NodePtr folder = parent(path);
    const NodePtr node = find(path);
    if (!folder || !node || node->stat.kind == FileKind::folder) return false;
    folder->children.erase(name_of(path));
    touch(*folder);
    tell(folder, IN_DELETE, name_of(path), *node);
    return true;
}

bool MemoryDisk::remove_folder(const std::string& path) {
    const NodePtr folder = parent(path);
    const NodePtr node = find(path);
    if (!folder || !node || node->stat.kind != FileKind::folder || !node->children.empty() || is_busy(path))
        return false;
    folder->children.erase(name_of(path));
    touch(*folder);
    for (Inotify* watcher : watchers) {
        watcher->tell_gone(node.get());
    }
    tell(folder, IN_DELETE, name_of(path), *node);
    return true;
}

bool MemoryDisk::rename(const std::string& from, const std::string& to) {
    const NodePtr source = parent(from);
    const NodePtr target = parent(to);
    const NodePtr node = find(from);
    if (!source || !target || !node || from.empty() || is_busy(from) || is_busy(to)) return false;
    if (to == from || to.compare(0, from.size() + 1, from + "/") == 0) return false;
    const NodePtr old = find(to);
    const bool folder = node->stat.kind == FileKind::folder;
    if (old && (folder || old->stat.kind == FileKind::folder)) return false;
    source->children.erase(name_of(from));
    target->children[name_of(to)] = node;
    node->stat.ctime_ns = clock_.kernel_ns();
    touch(*source);
    touch(*target);
    tell(source, IN_MOVED_FROM, name_of(from), *node);
    tell(target, IN_MOVED_TO, name_of(to), *node);
    return true;
}

bool MemoryDisk::exchange(const std::string& a, const std::string& b) {
    const NodePtr first = find(a);
    const NodePtr second = find(b);
    if (!first || !second) return false;
    const NodePtr folder_a = parent(a);
    const NodePtr folder_b = parent(b);
    folder_a->children[name_of(a)] = second;
    folder_b->children[name_of(b)] = first;
    first->stat.ctime_ns = second->stat.ctime_ns = clock_.kernel_ns();
    touch(*folder_a);
    touch(*folder_b);
    tell(folder_a, IN_MOVED_FROM, name_of(a), *first);
    tell(folder_b, IN_MOVED_TO, name_of(b), *first);
    tell(folder_b, IN_MOVED_FROM, name_of(b), *second);
    tell(folder_a, IN_MOVED_TO, name_of(a), *second);
    return true;
}

namespace {

void walk(const std::string& path, const Node& node,
          const std::function<void(const std::string&, const Node&)>& call) {
    for (const auto& [name, child] : node.children) {
        const std::string below = path.empty() ? name : path + "/" + name;
        if (child->stat.kind == FileKind::folder) {
            walk(below, *child, call);
        } else {
            call(below, *child);
        }
    }
}

}  // namespace

namespace {

void for_each_folder(const Node& node, const std::function<void(const Node&)>& call) {
    call(node);
    for (const auto& [name, child] : node.children) {
        if (child->stat.kind == FileKind::folder) for_each_folder(*child, call);
    }
}

}  // namespace

bool MemoryDisk::mount(const std::string& path) {
    const NodePtr node = find(path);
    if (!mount_.path.empty() || !node || node->stat.kind != FileKind::folder || path.empty()) return false;
    mount_ = {path, node, make(FileKind::folder), true};
    return true;
}

void MemoryDisk::set_mounted(bool mounted) {
    if (mount_.path.empty() || mount_.there == mounted) return;
    const NodePtr folder = parent(mount_.path);
    folder->children[name_of(mount_.path)] = mounted ? mount_.files : mount_.below;
    mount_.there = mounted;
    if (mounted) return;
    for_each_folder(*mount_.files, [&](const Node& gone) {
        for (Inotify* watcher : watchers) {
            watcher->tell_unmounted(&gone);
        }
    });
}

bool MemoryDisk::is_hidden(const std::string& path) const {
    return !mount_.path.empty() && !mount_.there && path.starts_with(mount_.path + "/");
}

void MemoryDisk::for_each_file(const std::function<void(const std::string&, const Node&)>& call) const {
    walk("", *root_, call);
}

}  // namespace simulation
