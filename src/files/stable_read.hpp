/// Reads a file only when it holds still.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/object_id.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::files {

enum class ReadStatus {
    ok,
    missing,
    not_regular,  ///< A symbolic link, folder, FIFO or device; stat says which.
    too_large,    ///< stat.size says how large; nothing was read.
    unstable,     ///< It is being written; look again soon.
};

struct StableRead {
    ReadStatus status = ReadStatus::missing;
    runtime::FileStat stat;
    std::string bytes;
    base::ObjectId hash;
    /// The file changed so lately that its stat may not show a further write: do not trust the signature.
    bool racy = false;
};

/// stat, open without following links, read, stat again: same inode, size and times, or unstable. Tries twice
/// at once. Size is checked before the read.
StableRead read_stable(const runtime::Folder& root, const std::string& path, std::uint64_t limit,
                       const base::Clock& clock);

}  // namespace fluentsync::files
