/// A file below .git that nobody sees until it is whole. For bodies of this floor only.
#pragma once

#include <string>
#include <string_view>

#include "runtime/posix_path.hpp"

namespace fluentsync::git {

/// How unfinished files are named. One that a crash left is taken away by remove_leftovers(). Not "tmp_",
/// with which a person's `git prune` would take it from under us.
inline constexpr std::string_view kPartPrefix = "fluentsync_part_";

/// Under a name of its own until place(), with `mode` for whomever the umask leaves; gone with this object
/// unless it was placed. For one thread. Every failure is Error(io) with the system's words and the folder.
class PartFile {
  public:
    /// In `folder`, which is there.
    explicit PartFile(const std::string& folder, unsigned mode = 0444);
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile();
    void write(std::string_view bytes);
    /// Puts the bytes on the disk; not the name.
    void sync();
    /// Gives it this path, of the same file system. Replaces what is there.
    void place(const std::string& path);

  private:
    std::string folder_;
    std::string path_;
    runtime::UniqueFd file_;
};

}  // namespace fluentsync::git
