#include "files/watch_map.hpp"

#include <sys/inotify.h>

#include <cstring>
#include <utility>

#include "codec/key_path.hpp"
#include "files/layout.hpp"

namespace fluentsync::files {

namespace {

constexpr unsigned kVanished = IN_DELETE | IN_MOVED_FROM;
constexpr unsigned kAppeared = IN_CREATE | IN_MOVED_TO | IN_ATTRIB;  ///< Of a folder.

/// A file that is made, written and closed gives several events in a row.
void add_file(WatchBatch& batch, std::string path) {
    if (batch.files.empty() || batch.files.back() != path) batch.files.push_back(std::move(path));
}

}  // namespace

std::vector<int> WatchMap::set(int descriptor, const std::string& folder) {
    std::vector<int> obsolete;
    const auto known = folders_.find(descriptor);
    if (known != folders_.end() && known->second == folder) return obsolete;
    // The same folder under another name: its move has not been read yet.
    if (known != folders_.end()) forget(descriptor);
    const auto at_path = descriptors_.find(folder);
    if (at_path != descriptors_.end()) {
        obsolete.push_back(at_path->second);
        forget(at_path->second);
    }
    folders_.emplace(descriptor, folder);
    descriptors_.emplace(folder, descriptor);
    return obsolete;
}

void WatchMap::forget(int descriptor) {
    const auto found = folders_.find(descriptor);
    if (found == folders_.end()) return;
    descriptors_.erase(found->second);
    folders_.erase(found);
}

void WatchMap::forget_below(const std::string& folder, std::vector<int>& obsolete) {
    const auto drop = [&](auto from, auto to) {
        for (auto at = from; at != to; ++at) {
            obsolete.push_back(at->second);
            folders_.erase(at->second);
        }
        descriptors_.erase(from, to);
    };
    drop(descriptors_.lower_bound(folder), descriptors_.upper_bound(folder));
    // '0' follows '/'.
    drop(descriptors_.lower_bound(folder + '/'), descriptors_.lower_bound(folder + '0'));
}

void WatchMap::interpret(const char* data, std::size_t size, WatchBatch& batch, std::vector<int>& obsolete) {
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
        inotify_event event;
        std::memcpy(&event, data + at, sizeof event);
        const char* name = data + at + sizeof event;
        at += sizeof event + event.len;
        if ((event.mask & IN_Q_OVERFLOW) != 0) {
            batch.overflow = true;
            continue;
        }
        const auto found = folders_.find(event.wd);
        if (found == folders_.end()) continue;  // Of a watch that was dropped since.
        if (event.len == 0) {
            on_own_event(event.wd, std::string(found->second), event.mask, batch);
            continue;
        }
        // Whether it is a nested repository now is for who looks at the folder to tell.
        if (!found->second.empty() && std::strcmp(name, ".git") == 0) {
            batch.folders_added.push_back(found->second);
            continue;
        }
        auto path = join(found->second, name);
        if ((event.mask & IN_ISDIR) != 0)
            on_folder_entry(path, event.mask, batch, obsolete);
        else if (event.mask != IN_ATTRIB)
            add_file(batch, std::move(path));
    }
}

void WatchMap::on_own_event(int descriptor, const std::string& folder, unsigned mask, WatchBatch& batch) {
    const bool lost = (mask & (IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
    if (folder.empty()) {
        if (lost || (mask & IN_IGNORED) != 0) batch.root_gone = true;
    } else if ((mask & IN_UNMOUNT) != 0) {
        batch.folders_gone.push_back(folder);
    }
    if ((mask & IN_IGNORED) != 0) forget(descriptor);
}

void WatchMap::on_folder_entry(const std::string& path, unsigned mask, WatchBatch& batch,
                               std::vector<int>& obsolete) {
    if ((mask & kVanished) != 0) {
        forget_below(path, obsolete);
        // The root's own deletion is told only when its last descriptor is closed, and we hold one. Whoever
        // removes the root removes our state folder first.
        if (path == kStateFolder) batch.root_gone = true;
    }
    if (codec::excluded_folder(path)) return;
    if ((mask & kVanished) != 0) batch.folders_gone.push_back(path);
    if ((mask & kAppeared) != 0) batch.folders_added.push_back(path);
}

}  // namespace fluentsync::files
