/// Puts a whole file in place without a window in which somebody's edit could be lost.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::files {

enum class WriteStatus {
    done,
    changed,  ///< The file was not what was expected; it is as it was. Look at the path again.
};

struct WriteOutcome {
    WriteStatus status = WriteStatus::done;
    /// Of the new file, once in place (its ctime after the swap). When somebody wrote to the path again at
    /// once, the stat as it was staged, which does not match the disk: the next look reads the path.
    runtime::FileStat stat;
    /// Where an edit was kept (below .fluentsync/rescued/) that lost its place to a still later save by
    /// somebody else: to be told. Nearly always empty.
    std::string rescued;
};

/// What must be there for the write to happen.
struct Expected {
    /// Nothing: the path must be absent. Else the stat with which `hash` was read: equal to the last bit
    /// (ctime too) it spares a read before the swap; a differing size alone is `changed`. With inode 0 it
    /// says nothing.
    std::optional<runtime::FileStat> stat;
    /// The content that may be replaced. Equal size and mtime are no proof, so what was displaced is always
    /// read.
    base::ObjectId hash;
};

/// A content for `path`, written to .fluentsync/tmp, not yet in place. Removes its temporary when destroyed
/// unplaced. The bytes it was made of must live until it has been placed.
///
/// What replaces a file takes over what it replaces: owner, group, permission bits, access list and extended
/// attributes, see runtime::Likeness. What it does not take over are its other names: a hard link elsewhere
/// keeps the old content, since it may lie outside the root.
class StagedFile {
  public:
    /// `executable` nothing: as the file that is replaced, and a new one is not.
    StagedFile(runtime::Folder& root, std::string path, std::string_view bytes,
               std::optional<bool> executable = {});
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile();
    /// To be durable: before place(), for this file alone.
    void sync() { root_->sync_path(temporary_); }
    /// Moves it to its path (parents are made). Absent expected: rename without replacing. Else: exchange,
    /// then the displaced content is checked; if it was not the expected one, or is being written, both are
    /// exchanged back and the outcome is `changed`. A folder in the way throws Error(io). To be durable call
    /// Folder::sync() between staging and placing, and after placing. To be called once.
    WriteOutcome place(const Expected& expected);

  private:
    WriteOutcome create();
    WriteOutcome replace(const Expected& expected);
    bool holds_ours(const std::string& path) const;
    bool swapped(const std::string& moved);
    WriteOutcome give_back(const std::string& moved);
    /// When somebody was faster, the stat of what we wrote: it does not match the disk, so the path is looked
    /// at.
    runtime::FileStat ours_or_written(const runtime::FileStat& now) const;

    runtime::Folder* root_;
    std::string_view bytes_;
    runtime::Likeness likeness_;
    std::string temporary_;
    runtime::FileStat written_;
};

/// Removes `path` if it is the expected file: moved aside first, checked there, moved back if it was another.
/// Empty parent folders up to (not including) the first segment are removed as well. A path that is absent
/// already is `done`. `rescued` as in WriteOutcome.
WriteStatus remove_file(runtime::Folder& root, const std::string& path, const Expected& expected,
                        std::string* rescued = nullptr);

/// What the name of a displaced file says of the path it was at: equal for equal paths. Nothing for another
/// temporary.
std::string mark_of_path(const std::string& path);
std::string mark_of_temporary(const std::string& temporary);

/// Removes what a crash left in .fluentsync/tmp: what was never in place at once. A displaced file there that
/// is no copy of anything known is somebody's edit: `known(hash, temporary)` decides (true: delete it, false:
/// it is moved to .fluentsync/rescued/ and kept). Returns the rescued paths.
std::vector<std::string> clean_temporaries(
    runtime::Folder& root, const std::function<bool(const base::ObjectId&, const std::string&)>& known);

}  // namespace fluentsync::files
