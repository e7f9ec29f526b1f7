/// Puts a whole file in place without a window in which somebody's edit could be lost.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/object_id.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::files {

enum class WriteStatus {
    done,
    changed,  ///< The file was not what was expected; it is as it was. Look at the path again.
};

struct WriteOutcome {
    WriteStatus status = WriteStatus::done;
    runtime::FileStat stat;  ///< Of the new file, once in place (its ctime after the swap).
};

/// What must be there for the write to happen.
struct Expected {
    /// Nothing: the path must be absent. Else the file must have this stat, or, failing that, this content.
    std::optional<runtime::FileStat> stat;
    base::ObjectId hash;
};

/// A content written to .fluentsync/tmp, not yet in place. Removes its temporary when destroyed unplaced.
class StagedFile {
  public:
    StagedFile(runtime::Folder& root, std::string_view bytes, bool executable);
    /// Keeps the permission bits of an existing file that is replaced.
    StagedFile(runtime::Folder& root, std::string_view bytes, std::uint32_t mode);
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile();
    /// Moves it to `path` (parents are made). Absent expected: rename without replacing. Else: exchange, then
    /// the displaced file is checked (stat, then content); if it was not the expected one both are exchanged
    /// back and the outcome is `changed`. A folder in the way throws Error(io). To be durable call
    /// Folder::sync() between staging and placing, and after placing.
    WriteOutcome place(const std::string& path, const Expected& expected);

  private:
    runtime::Folder* root_;
    std::string temporary_;
};

/// Removes `path` if it is the expected file: moved aside first, checked there, moved back if it was another.
/// Empty parent folders up to (not including) the first segment are removed as well.
WriteStatus remove_file(runtime::Folder& root, const std::string& path, const Expected& expected);

/// Removes what a crash left in .fluentsync/tmp. A file there that is no copy of anything known is somebody's
/// displaced edit: `known(hash, temporary)` decides (true: delete it, false: it is moved to
/// .fluentsync/rescued/ and kept).
void clean_temporaries(runtime::Folder& root,
                       const std::function<bool(const base::ObjectId&, const std::string&)>& known);

}  // namespace fluentsync::files
