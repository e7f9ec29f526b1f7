/// One walk over the folder: every file that is not excluded, with its stat.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/file_system.hpp"
#include "runtime/lane.hpp"

namespace fluentsync::files {

struct FoundFile {
    std::string path;
    runtime::FileStat stat;
};

struct ScanResult {
    std::vector<FoundFile>
        files;  ///< Everything that is no folder (regular, symlink, other), in byte order of path.
    std::vector<std::string> folders;  ///< Every folder entered, "" for the root included.
    /// Folders that may not be read: what lies below them is not known to be gone.
    std::vector<std::string> unreadable;
};

/// `enter(folder)`, called on any of the pool's threads, decides whether a folder is walked (nested
/// repositories and excluded ones are not); `folder` starts the walk ("" for the root). Folders are read in
/// parallel on `pool`. Throws Error(io) when the root, or for another reason than its own any folder, cannot
/// be read whole: half a walk must never look like deletions.
ScanResult scan(const runtime::Folder& root, const std::string& folder,
                const std::function<bool(const std::string&)>& enter, runtime::HelperPool& pool);

}  // namespace fluentsync::files
