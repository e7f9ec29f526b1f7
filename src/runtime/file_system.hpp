/// The file-system port: what the hops need of a folder, at a level where an in-memory twin is possible.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fluentsync/error.hpp"

namespace fluentsync::runtime {

enum class FileKind { none, regular, folder, symlink, other };

struct FileStat {
    FileKind kind = FileKind::none;
    bool executable = false;  ///< The owner may execute it.
    std::uint32_t mode = 0;   ///< Permission bits.
    std::uint64_t size = 0;
    std::int64_t mtime_ns = 0;
    std::int64_t ctime_ns = 0;
    std::uint64_t inode = 0;
    std::uint64_t device = 0;

    bool exists() const { return kind != FileKind::none; }
    bool operator==(const FileStat&) const = default;
};

struct FolderEntry {
    std::string name;
    FileStat stat;
};

/// What a new file is to be like, besides its bytes.
struct Likeness {
    /// Where it will be put. From the file there it takes over owner, group, permission bits, access list and
    /// extended attributes, as far as the process may give them (what it may not makes the file narrower);
    /// where there is none, it is as a file made in that folder, and root's belongs to whom the folder
    /// belongs to. Empty: at the path that it is made at.
    std::string place;
    /// Whoever may read it may execute it, or nobody may. Nothing: as the file there.
    std::optional<bool> executable;
};

/// What is mounted on a folder.
struct Mount {
    std::string path;
    /// Names the file system and what of it is seen there; the same after a restart where the file system has
    /// an id of its own. Empty when it cannot be looked at.
    std::string id;
};

enum class RenameOutcome { done, target_exists, missing };

/// The system refuses this one path, and may take others: no permission there, a name it cannot have. No
/// space, a read-only file system or a disk's error are a plain Error.
class PathRefused : public Error {
  public:
    PathRefused(ErrorCode code, const std::string& message, const std::string& path, std::string why = {})
        : Error(code, message, path), why_(std::move(why)) {}
    /// The system's words and what to do about it, without what was tried on which path.
    const std::string& why() const { return why_; }

  private:
    std::string why_;
};

/// A refusal of the moment is not the path's state: only the second one counts.
template <typename Call>
auto unless_refused_twice(const Call& call) {
    try {
        return call();
    } catch (const PathRefused&) {
        return call();
    }
}

/// One open root folder. Every path is relative to it, '/'-separated, without "." or ".." segments. No
/// symbolic link is ever followed: one on the way is refused with Error(io), one at the end is what stat()
/// and read() tell of. A path of another form is Error(invalid_argument). Thread-safe. Failures are Error(io)
/// with the path, errno's words and what was tried, a PathRefused where that path alone is the matter;
/// ENOSPC, EACCES and EROFS are named in the message. EINTR is retried inside, short writes are completed.
class Folder {
  public:
    virtual ~Folder() = default;
    virtual std::string absolute_path() const = 0;
    /// The root's own stat by the path it was opened with, to see that it is still the same folder.
    /// kind none when it is gone.
    virtual FileStat identity() const = 0;

    /// kind none when there is nothing (or a parent is missing or is no folder).
    virtual FileStat stat(const std::string& path) const = 0;
    /// stat() of several entries of one folder ("" is the root), with one walk to it.
    virtual std::vector<FileStat> stat_all(const std::string& folder,
                                           const std::vector<std::string>& names) const;
    /// Reads a regular file whole into `out`. Returns the stat of the open file taken before the read; kind
    /// none when it is missing, another kind when it is not regular (then nothing is read). Stops after
    /// `limit` + 1 bytes. The caller compares with another stat() to see that it was not written meanwhile.
    virtual FileStat read(const std::string& path, std::uint64_t limit, std::string& out) const = 0;
    /// Every entry of a folder ("" is the root) with its stat; entries that vanish meanwhile are left out.
    /// One that cannot be looked at (another user's mount) is told as FileKind::other: who takes it sees why.
    /// Empty when the folder is missing; a missing root is Error(io). Throws Error(io) when it cannot be read
    /// to its end: half a listing is no listing.
    virtual std::vector<FolderEntry> list(const std::string& folder) const = 0;
    /// What is mounted on folders below the root, in order of path; none where the system does not tell.
    virtual std::vector<Mount> mounts() const { return {}; }
    /// Names of the folders among those entries, without a look at each file; fails as list() does.
    virtual std::vector<std::string> subfolders(const std::string& folder) const = 0;

    /// Each as the one that it lies in hands on; root's also belongs to whom that belongs to. With `own` it
    /// stays the process's.
    virtual void make_folders(const std::string& path, bool own = false) = 0;
    /// Removes an empty folder. False when it is not empty or not there.
    virtual bool remove_folder(const std::string& path) = 0;
    /// Makes a new file and returns its stat. Its modification time is set to the exact time (not the
    /// kernel's last tick), so a later write by anybody shows. It is never readable by more people than it
    /// will be. Throws when the name exists or its folder is missing; nothing is left behind by a failure.
    virtual FileStat write_new(const std::string& path, std::string_view bytes,
                               const Likeness& likeness = {}) = 0;
    /// Gives a file of ours its likeness once more, as what is at that place has changed; its stat then.
    virtual FileStat shape(const std::string& path, const Likeness& likeness) = 0;
    /// Never replaces. (renameat2 NOREPLACE where the system has it.) `missing` when `from` is not there;
    /// Error(io) when the folder of `to` is not.
    virtual RenameOutcome rename_new(const std::string& from, const std::string& to) = 0;
    /// rename_new(), and what then is at `to` in `placed`, with one walk to it. Nothing (kind `none`)
    /// there when the stat may be that of a change since: its ctime is later than the end of the rename. (So
    /// it is for every file of a server whose clock is ahead.)
    virtual RenameOutcome place_new(const std::string& from, const std::string& to, FileStat& placed);
    /// Swaps two files in one step. `missing` when either is not there. Where the file system cannot, three
    /// steps stand in, in which `b` always exists: let `b` be the user's file and `a` ours.
    virtual RenameOutcome exchange(const std::string& a, const std::string& b) = 0;
    /// False when there was nothing.
    virtual bool remove(const std::string& path) = 0;
    /// Where a symbolic link at `path` says that it leads; nothing where none is.
    virtual std::optional<std::string> read_link(const std::string&) const { return std::nullopt; }
    /// Makes one, whatever it leads to, which nothing here follows. False when the name is taken; Error(io)
    /// when its folder is not there, or the file system has no links.
    virtual bool make_link(const std::string& path, const std::string& target);
    /// A hint: what lies directly in this folder will be used again and again, so it may be kept open.
    /// Removed and made anew, it is found again.
    virtual void keep_open(const std::string&) {}
    /// Makes everything written below the root durable (one syncfs).
    virtual void sync() = 0;
    /// Makes one file's bytes, or one folder's names, durable (one fsync): for a few files, where flushing
    /// the whole file system would wait for other people's writes. Nothing there: nothing to do.
    virtual void sync_path(const std::string& path) = 0;
};

/// Nothing (kind `none`) where the stat's ctime is later than `time_ns` of the wall clock.
FileStat unless_changed_since(std::int64_t time_ns, const FileStat& stat);
/// Opens (and with `create` makes) a folder of the real disk. Throws Error(cannot_open).
std::shared_ptr<Folder> open_folder(const std::string& path, bool create);
/// The absolute path, as a Folder would name it, of what is not there at all; none where something is.
std::optional<std::string> missing_folder(const std::string& path);
/// Whether others can write there without this kernel's seeing it: a network file system, or one that a
/// program serves (FUSE). Unknown: no.
bool may_change_unseen(const std::string& path);

}  // namespace fluentsync::runtime
