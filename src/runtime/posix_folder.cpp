#include "runtime/posix_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "base/clock.hpp"
#include "runtime/posix_bytes.hpp"
#include "runtime/posix_error.hpp"
#include "runtime/posix_likeness.hpp"
#include "runtime/posix_link.hpp"
#include "runtime/posix_mounts.hpp"
#include "runtime/posix_path.hpp"
#include "runtime/posix_rename.hpp"

namespace fluentsync::runtime {
namespace {

constexpr mode_t kPermissions = 0777;

FileKind kind_of(mode_t mode) {
    if (S_ISREG(mode)) return FileKind::regular;
    if (S_ISDIR(mode)) return FileKind::folder;
    if (S_ISLNK(mode)) return FileKind::symlink;
    return FileKind::other;
}

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileStat to_file_stat(const struct stat& info) {
    FileStat stat;
    stat.kind = kind_of(info.st_mode);
    stat.executable = stat.kind == FileKind::regular && (info.st_mode & S_IXUSR) != 0;
    stat.mode = info.st_mode & kPermissions;
    stat.size = static_cast<std::uint64_t>(info.st_size);
    stat.mtime_ns = nanoseconds(info.st_mtim);
    stat.ctime_ns = nanoseconds(info.st_ctim);
    stat.inode = info.st_ino;
    stat.device = info.st_dev;
    return stat;
}

/// Whether errno says that nothing is there: no such name, or a file where a folder would have to be.
bool is_missing(int number) {
    return number == ENOENT || number == ENOTDIR;
}

/// The stat of an entry; kind none when it is gone.
FileStat stat_at(int folder, const char* name, const std::string& path) {
    struct stat info {};
    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0) return to_file_stat(info);
    if (!is_missing(errno)) throw_errno(errno, "look at", path);
    return {};
}

/// The same, where one entry out of reach is no reason to miss the others.
FileStat stat_of_entry(int folder, const char* name, const std::string& path) {
    try {
        return unless_refused_twice([&] { return stat_at(folder, name, path); });
    } catch (const PathRefused&) {
        FileStat unseen;
        unseen.kind = FileKind::other;
        return unseen;
    }
}

FileStat stat_of(int fd, const std::string& path) {
    struct stat info {};
    if (fstat(fd, &info) != 0) throw_errno(errno, "look at", path);
    return to_file_stat(info);
}

class PosixFolder final : public Folder {
  public:
    PosixFolder(UniqueFd root, std::string path, PosixFeatures features)
        : root_(std::move(root)),
          path_(std::move(path)),
          resolver_(root_.get(), features.openat2),
          means_{features.renameat2, features.hard_links} {}

    std::string absolute_path() const override { return path_; }

    FileStat identity() const override {
        struct stat info {};
        if (::stat(path_.c_str(), &info) == 0) return to_file_stat(info);
        if (!is_missing(errno)) throw_errno(errno, "look at", path_);
        return {};
    }

    FileStat stat(const std::string& path) const override {
        if (path.empty()) return stat_of(root_.get(), path);
        const Place place = existing_parent(path);
        return place ? stat_at(place.folder, place.name.c_str(), path) : FileStat{};
    }

    std::vector<FileStat> stat_all(const std::string& folder,
                                   const std::vector<std::string>& names) const override {
        if (names.empty()) return {};
        const Place place = existing_parent(folder.empty() ? names.front() : folder + "/" + names.front());
        std::vector<FileStat> stats(names.size());
        for (std::size_t i = 0; place && i < names.size(); ++i) {
            check_relative_path(names[i]);
            stats[i] = stat_at(place.folder, names[i].c_str(), names[i]);
        }
        return stats;
    }

    FileStat read(const std::string& path, std::uint64_t limit, std::string& out) const override;
    std::vector<FolderEntry> list(const std::string& folder) const override;
    std::vector<std::string> subfolders(const std::string& folder) const override;
    std::vector<Mount> mounts() const override { return mounts_below(resolver_); }
    void make_folders(const std::string& path, bool own) override;
    bool remove_folder(const std::string& path) override;
    FileStat write_new(const std::string& path, std::string_view bytes, const Likeness& likeness) override;
    FileStat shape(const std::string& path, const Likeness& likeness) override;
    RenameOutcome rename_new(const std::string& from, const std::string& to) override {
        return rename_and_look(from, to, nullptr);
    }
    RenameOutcome place_new(const std::string& from, const std::string& to, FileStat& placed) override {
        return rename_and_look(from, to, &placed);
    }
    RenameOutcome exchange(const std::string& a, const std::string& b) override;

    bool remove(const std::string& path) override {
        const Place place = existing_parent(path);
        if (!place) return false;
        if (unlinkat(place.folder, place.name.c_str(), 0) == 0) return true;
        if (!is_missing(errno)) throw_errno(errno, "remove", path);
        return false;
    }

    std::optional<std::string> read_link(const std::string& path) const override {
        const Place place = existing_parent(path);
        return place ? link_target_at(place, path) : std::nullopt;
    }

    bool make_link(const std::string& path, const std::string& target) override {
        const Place place = resolver_.parent_of(path);
        if (!place) throw_errno(errno, "make", path);
        return make_link_at(place, target, path);
    }

    void keep_open(const std::string& folder) override { resolver_.keep_open(folder); }

    void sync() override {
        if (syncfs(root_.get()) != 0) throw_errno(errno, "make durable what was written below", path_);
    }

    void sync_path(const std::string& path) override {
        const UniqueFd file = resolver_.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
        if (!file && is_missing(errno)) return;
        if (!file || fsync(file.get()) != 0) throw_errno(errno, "make durable", path);
    }

  private:
    /// What list() and subfolders() share. `take` gets the open folder's descriptor too.
    void for_each_entry(const std::string& folder,
                        const std::function<void(int, const dirent64&)>& take) const;
    RenameOutcome rename_and_look(const std::string& from, const std::string& to, FileStat* placed);
    /// Empty when the parent is not there.
    Place existing_parent(const std::string& path) const {
        Place place = resolver_.parent_of(path);
        if (!place && !is_missing(errno)) throw_errno(errno, "reach", path);
        return place;
    }

    UniqueFd root_;
    std::string path_;
    PathResolver resolver_;
    RenameMeans means_;
};

FileStat PosixFolder::read(const std::string& path, std::uint64_t limit, std::string& out) const {
    out.clear();
    // Not blocking: opening a FIFO would wait for its writer.
    const UniqueFd file = resolver_.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file) {
        const int number = errno;
        if (is_missing(number)) return {};
        // A link at the path's end, a socket or a device without a driver: told as what it is.
        const FileStat found = stat(path);
        if (found.kind == FileKind::symlink || found.kind == FileKind::other) return found;
        throw_errno(number, "open", path);
    }
    const FileStat found = stat_of(file.get(), path);
    if (found.kind != FileKind::regular) return found;
    try {
        read_all(file.get(), found.size, limit + 1 == 0 ? limit : limit + 1, path, out);
    } catch (const std::bad_alloc&) {
        throw_out_of_memory(path, found.size);
    } catch (const std::length_error&) {
        throw_out_of_memory(path, found.size);
    }
    return found;
}

std::vector<FolderEntry> PosixFolder::list(const std::string& folder) const {
    std::vector<FolderEntry> result;
    for_each_entry(folder, [&](int fd, const dirent64& entry) {
        FolderEntry found{entry.d_name, stat_of_entry(fd, entry.d_name, folder)};
        if (found.stat.exists()) result.push_back(std::move(found));
    });
    return result;
}

std::vector<std::string> PosixFolder::subfolders(const std::string& folder) const {
    std::vector<std::string> result;
    for_each_entry(folder, [&](int fd, const dirent64& entry) {
        // Not every file system tells the kind along with the name.
        const bool told = entry.d_type != DT_UNKNOWN;
        if (told ? entry.d_type == DT_DIR : stat_at(fd, entry.d_name, folder).kind == FileKind::folder) {
            result.emplace_back(entry.d_name);
        }
    });
    return result;
}

void PosixFolder::for_each_entry(const std::string& folder,
                                 const std::function<void(int, const dirent64&)>& take) const {
    UniqueFd opened = resolver_.open(folder, O_RDONLY | O_DIRECTORY);
    if (!opened && is_missing(errno) && !folder.empty()) return;
    if (!opened) throw_errno(errno, "list", folder.empty() ? path_ : folder);
    // getdents64 itself: a stream would cost three more calls and an allocation a folder, in a walk over
    // thousands.
    const int fd = opened.get();
    alignas(dirent64) std::array<char, 32768> buffer;
    bool any = false;
    while (true) {
        const ssize_t size = getdents64(fd, buffer.data(), buffer.size());
        if (size < 0) throw_errno(errno, "list", folder);
        if (size == 0) break;
        for (ssize_t at = 0; at < size;) {
            const auto& entry = *reinterpret_cast<const dirent64*>(buffer.data() + at);
            at += entry.d_reclen;
            const std::string_view name = entry.d_name;
            if (name == "." || name == "..") continue;
            any = true;
            take(fd, entry);
        }
    }
    // A removed folder reads as empty. For the root that would look as if everything had been deleted.
    struct stat info {};
    if (folder.empty() && !any && fstat(fd, &info) == 0 && info.st_nlink == 0) {
        throw_errno(ENOENT, "list", path_);
    }
}

void PosixFolder::make_folders(const std::string& path, bool own) {
    if (resolver_.open(path, O_PATH | O_DIRECTORY)) return;
    if (errno != ENOENT) throw_errno(errno, "make the folder", path);
    for (auto slash = path.find('/');; slash = path.find('/', slash + 1)) {
        const std::string upto = path.substr(0, slash);
        const Place place = resolver_.parent_of(upto);
        if (!place) throw_errno(errno, "make the folder", upto);
        if (mkdirat(place.folder, place.name.c_str(), 0777) == 0) {
            if (!own) hand_to_owner_above(place);
        } else if (errno != EEXIST) {
            throw_errno(errno, "make the folder", upto);
        }
        if (slash == std::string::npos) break;
    }
    // What was there already may be something else than a folder.
    if (!resolver_.open(path, O_PATH | O_DIRECTORY)) throw_errno(errno, "make the folder", path);
}

bool PosixFolder::remove_folder(const std::string& path) {
    const Place place = existing_parent(path);
    if (!place) return false;
    if (unlinkat(place.folder, place.name.c_str(), AT_REMOVEDIR) == 0) return true;
    if (!is_missing(errno) && errno != ENOTEMPTY && errno != EEXIST)
        throw_errno(errno, "remove the folder", path);
    return false;
}

FileStat PosixFolder::write_new(const std::string& path, std::string_view bytes, const Likeness& likeness) {
    const Model model = Model::at(resolver_, likeness.place.empty() ? path : likeness.place);
    const UniqueFd file = resolver_.open(path, O_WRONLY | O_CREAT | O_EXCL, model.first_mode());
    if (!file) throw_errno(errno, "make", path);
    try {
        model.shape(file.get(), likeness.executable);
        write_all(file.get(), bytes, path);
        stamp_exact_time(file.get(), path);
        return stat_of(file.get(), path);
    } catch (const Error&) {
        const Place place = resolver_.parent_of(path);
        if (place) unlinkat(place.folder, place.name.c_str(), 0);
        throw;
    }
}

FileStat PosixFolder::shape(const std::string& path, const Likeness& likeness) {
    const UniqueFd file = resolver_.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file && is_missing(errno)) return {};
    if (!file) throw_errno(errno, "open", path);
    Model::at(resolver_, likeness.place).shape(file.get(), likeness.executable);
    return stat_of(file.get(), path);
}

RenameOutcome PosixFolder::rename_and_look(const std::string& from, const std::string& to, FileStat* placed) {
    const Place source = existing_parent(from);
    if (!source) return RenameOutcome::missing;
    const Place target = resolver_.parent_of(to);
    if (!target) throw_errno(errno, "rename '" + from + "' to", to);
    const int failed = rename_noreplace(source, target, means_);
    if (failed == 0) {
        if (placed != nullptr) {
            const std::int64_t renamed_ns = base::system_clock().wall_ns();
            *placed = unless_changed_since(renamed_ns, stat_at(target.folder, target.name.c_str(), to));
        }
        return RenameOutcome::done;
    }
    if (failed == EEXIST) return RenameOutcome::target_exists;
    if (failed == ENOENT && !stat_at(source.folder, source.name.c_str(), from).exists()) {
        return RenameOutcome::missing;
    }
    throw_errno(failed, "rename '" + from + "' to", to);
}

RenameOutcome PosixFolder::exchange(const std::string& a, const std::string& b) {
    const Place first = existing_parent(a);
    const Place second = existing_parent(b);
    if (!first || !second) return RenameOutcome::missing;
    const int failed = rename_exchange(first, second, means_);
    if (failed == 0) return RenameOutcome::done;
    if (failed == ENOENT) return RenameOutcome::missing;
    throw_errno(failed, "swap '" + a + "' with", b);
}

}  // namespace

namespace {

std::string absolute_path_of(const std::string& path, std::error_code& failed) {
    std::string absolute = std::filesystem::absolute(path, failed).string();
    while (absolute.size() > 1 && absolute.back() == '/')
        absolute.pop_back();
    return absolute;
}

}  // namespace

std::shared_ptr<Folder> open_posix_folder(const std::string& path, bool create, PosixFeatures features) {
    if (path.empty()) throw Error(ErrorCode::cannot_open, "the folder's path is empty; name a folder");
    std::error_code failed;
    std::string absolute = absolute_path_of(path, failed);
    if (create && !failed) std::filesystem::create_directories(absolute, failed);
    if (failed) throw_errno(failed.value(), "open the folder", path, ErrorCode::cannot_open);
    UniqueFd root(::open(absolute.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root) throw_errno(errno, "open the folder", path, ErrorCode::cannot_open);
    return std::make_shared<PosixFolder>(std::move(root), std::move(absolute), features);
}

std::shared_ptr<Folder> open_folder(const std::string& path, bool create) {
    return open_posix_folder(path, create, {});
}

std::optional<std::string> missing_folder(const std::string& path) {
    std::error_code failed;
    const std::string absolute = absolute_path_of(path, failed);
    struct stat status {};
    if (failed || ::stat(absolute.c_str(), &status) == 0 || errno != ENOENT) return std::nullopt;
    return absolute;
}

}  // namespace fluentsync::runtime
