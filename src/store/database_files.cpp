#include "store/database_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "fluentsync/error.hpp"

namespace fluentsync::store {
namespace {

std::optional<struct stat> stat_of(const std::string& path) {
    struct stat found = {};
    if (::stat(path.c_str(), &found) != 0) return std::nullopt;
    return found;
}

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Closing any other descriptor of the file would end the locks that SQLite has on it in this process.
int open_without_locks(const std::string& path) {
#ifdef O_PATH
    return ::open(path.c_str(), O_PATH | O_CLOEXEC);
#else
    static_cast<void>(path);
    return -1;
#endif
}

}  // namespace

DatabaseFiles::DatabaseFiles(const std::string& path, const std::string& main)
    : main_{path, stat_of(path)},
      folder_{(std::filesystem::path(path).parent_path() / ".").string(), {}},
      log_{main + "-wal", stat_of(main + "-wal")},
      log_index_{main + "-shm", stat_of(main + "-shm")},
      handle_(main_.known ? open_without_locks(path) : -1) {
    folder_.known = stat_of(folder_.path);
}

DatabaseFiles::~DatabaseFiles() {
    if (handle_ >= 0) ::close(handle_);
}

// A file that cannot be looked at (no permission, an I/O error) is not known to have gone.
DatabaseFiles::Fate DatabaseFiles::fate(const File& file) {
    if (!file.known) return Fate::in_place;
    struct stat now = {};
    if (::stat(file.path.c_str(), &now) != 0)
        return errno == ENOENT || errno == ENOTDIR ? Fate::deleted : Fate::in_place;
    return same_file(now, *file.known) ? Fate::in_place : Fate::replaced;
}

DatabaseFiles::Fate DatabaseFiles::main_fate() const {
    const Fate by_name = fate(main_);
    if (by_name != Fate::deleted) return by_name;
    struct stat ours = {};
    if (handle_ >= 0 && ::fstat(handle_, &ours) == 0 && ours.st_nlink == 0) return Fate::deleted;
    return fate(folder_) == Fate::in_place ? Fate::moved : Fate::in_place;
}

void DatabaseFiles::check_main() const {
    const Fate main = main_fate();
    if (main != Fate::in_place) fail(main_, main);
}

void DatabaseFiles::check() const {
    check_main();
    if (fate(main_) != Fate::in_place) return;  // Away with its folder, and its log with it.
    for (const File* part : {&log_, &log_index_}) {
        const Fate found = fate(*part);
        if (found != Fate::in_place) fail(*part, found);
    }
}

bool DatabaseFiles::replaced() const {
    return main_fate() == Fate::replaced || fate(log_) == Fate::replaced ||
           fate(log_index_) == Fate::replaced;
}

void DatabaseFiles::fail(const File& file, Fate fate) const {
    const char* what = fate == Fate::replaced ? "replaced" : fate == Fate::moved ? "moved away" : "deleted";
    throw Error(
        ErrorCode::database_gone,
        fmt::format("database '{}': {} was {} while it was open, and nobody else sees what is written now; "
                    "close it, and open what is there",
                    main_.path, &file == &main_ ? "its file" : fmt::format("'{}'", file.path), what),
        main_.path);
}

}  // namespace fluentsync::store
