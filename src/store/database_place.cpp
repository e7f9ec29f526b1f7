#include "store/database_place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>

#include "fluentsync/error.hpp"
#include "runtime/own_file.hpp"

namespace fluentsync::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStateFolder = ".fluentsync";

[[noreturn]] void refuse_place(const std::string& path, const std::string& why) {
    throw Error(ErrorCode::cannot_open, fmt::format("cannot open database '{}': {}", path, why), path);
}

std::optional<struct stat> entry_at(const std::string& path) {
    struct stat info = {};
    if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
    return info;
}

void require_plain_file(const std::string& path, const struct stat& info) {
    if (S_ISDIR(info.st_mode)) refuse_place(path, "it is a folder; name a file");
    if (S_ISLNK(info.st_mode)) refuse_place(path, "it is a symbolic link; name the file that it leads to");
    if (!S_ISREG(info.st_mode)) refuse_place(path, "it is no regular file");
}

void require_plain_logs(const std::string& path, const std::string& real) {
    for (const char* suffix : {"-wal", "-shm"}) {
        const auto info = entry_at(real + suffix);
        if (info && !S_ISREG(info->st_mode))
            refuse_place(path, fmt::format("'{}{}' beside it is no regular file; remove it", path, suffix));
    }
    if (entry_at(real + "-journal"))
        refuse_place(path, fmt::format("'{}-journal' lies beside it, a rollback journal, as FluentSync never "
                                       "makes one; it is not replayed: remove it if you know where it comes "
                                       "from",
                                       path));
}

/// Of a folder .fluentsync on the way to the file, the innermost; empty: there is none.
fs::path state_folder_above(const fs::path& file) {
    fs::path folder = file.parent_path();
    while (folder.has_relative_path() && folder.filename() != kStateFolder)
        folder = folder.parent_path();
    return folder.has_relative_path() ? folder : fs::path();
}

/// By name: closing a descriptor would end the locks that SQLite has on the file in this process.
void require_own(const runtime::OwnRule& rule, const std::string& path, const fs::path& place,
                 bool is_folder) {
    const auto info = entry_at(place.string());
    if (!info) return;
    const std::string fault = rule.fault_of(*info, is_folder);
    if (!fault.empty()) refuse_place(path, fmt::format("{}: {}", place.string(), fault));
    const mode_t mode = is_folder ? runtime::kOwnFolderMode : runtime::kOwnFileMode;
    if (runtime::is_lax(*info))
        static_cast<void>(::fchmodat(AT_FDCWD, place.c_str(), mode, AT_SYMLINK_NOFOLLOW));
}

/// Within a state folder, others may have reached into it or brought it along.
void require_own_state(const std::string& path, const fs::path& real) {
    std::error_code unknown;
    const fs::path named = state_folder_above(fs::absolute(path).lexically_normal());
    const fs::path state = state_folder_above(real);
    if (!named.empty() && state != fs::weakly_canonical(named.parent_path(), unknown) / kStateFolder)
        refuse_place(path, fmt::format("a symbolic link leads out of {}; remove it", named.string()));
    const auto root = state.empty() ? std::nullopt : entry_at(state.parent_path().string());
    if (!root) return;
    const runtime::OwnRule rule(root->st_uid);
    for (fs::path folder = real.parent_path(); folder != state.parent_path(); folder = folder.parent_path())
        require_own(rule, path, folder, true);
    for (const char* suffix : {"", "-wal", "-shm"})
        require_own(rule, path, real.string() + suffix, false);
}

/// Only what leads to the file's folder may be links. What is not there yet has none.
fs::path without_links(const std::string& path) {
    const fs::path file = fs::absolute(path);
    std::error_code error;
    const fs::path folder = fs::weakly_canonical(file.parent_path(), error);
    return error ? file : folder / file.filename();
}

/// Descriptors of the database are closed here alone, and before SQLite of this process takes locks on it.
void make_private_file(const std::string& real) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const int made =
        ::open(real.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, runtime::kOwnFileMode);
    if (made >= 0) ::close(made);  // Else it is there, or SQLite says why it cannot be.
}

void make_parents(const std::string& path, const fs::path& real) {
    std::error_code error;
    fs::create_directories(real.parent_path(), error);
    if (error) refuse_place(path, "its folder cannot be made (" + error.message() + ")");
}

}  // namespace

std::string checked_database(const std::string& path) {
    const fs::path real = without_links(path);
    if (const auto info = entry_at(real.string())) require_plain_file(path, *info);
    require_plain_logs(path, real.string());
    require_own_state(path, real);
    return real.string();
}

std::string prepare_database(const std::string& path) {
    if (path.empty()) throw Error(ErrorCode::invalid_options, "store.path is empty; name the database file");
    if (path == ":memory:") refuse_place(path, "it lasts no longer than the process; name a file");
    const fs::path real = without_links(path);
    require_own_state(path, real);
    make_parents(path, real);
    std::string checked = checked_database(path);
    make_private_file(checked);
    return checked;
}

}  // namespace fluentsync::store
