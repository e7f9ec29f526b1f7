#include "files/safe_link.hpp"

#include "files/displaced.hpp"
#include "files/layout.hpp"

namespace fluentsync::files {

using runtime::RenameOutcome;

WriteStatus place_link(runtime::Folder& root, const std::string& path, const std::string& target,
                       const std::optional<std::string>& expected) {
    if (!expected) {
        if (const std::string parent = parent_of(path); !parent.empty()) root.make_folders(parent);
        return root.make_link(path, target) ? WriteStatus::done : WriteStatus::changed;
    }
    if (root.read_link(path) != expected) return WriteStatus::changed;
    const std::string temporary = moved_temporary(path);
    root.make_folders(kTemporaryFolder, true);
    root.make_link(temporary, target);
    const bool swapped = root.exchange(temporary, path) == RenameOutcome::done;
    const bool good = swapped && root.read_link(temporary) == expected;
    if (swapped && !good) root.exchange(temporary, path);
    if (good || root.read_link(temporary) == target) {
        root.remove(temporary);
    } else {
        rescue(root, temporary);  // Somebody's, and its place has been taken meanwhile.
    }
    return good ? WriteStatus::done : WriteStatus::changed;
}

WriteStatus remove_link(runtime::Folder& root, const std::string& path, const std::string& expected) {
    if (root.read_link(path) != expected) return WriteStatus::changed;
    const std::string moved = moved_temporary(path);
    if (move_into(root, path, moved) != RenameOutcome::done) return WriteStatus::changed;
    if (root.read_link(moved) != expected) {
        if (move_into(root, moved, path) == RenameOutcome::target_exists) rescue(root, moved);
        return WriteStatus::changed;
    }
    root.remove(moved);
    remove_empty_parents(root, path);
    return WriteStatus::done;
}

}  // namespace fluentsync::files
