#include "fluentsync/state_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "files/displaced.hpp"
#include "files/layout.hpp"
#include "fluentsync/error.hpp"
#include "runtime/own_file.hpp"
#include "runtime/posix_bytes.hpp"
#include "runtime/posix_error.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync {

namespace {

using runtime::is_lax;
using runtime::OwnRule;
using runtime::throw_errno;
using runtime::UniqueFd;

/// Nothing is waited for: neither a FIFO's other end nor a terminal.
constexpr int kNoSurprise = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct stat stat_of_open(int file, const std::string& path) {
    struct stat info = {};
    if (::fstat(file, &info) != 0) throw_errno(errno, "look at", path);
    return info;
}

/// Nothing: there is no such entry.
std::optional<struct stat> stat_of_entry_in(int folder, const std::string& name, const std::string& path) {
    struct stat info = {};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) return info;
    if (errno != ENOENT) throw_errno(errno, "look at", path);
    return std::nullopt;
}

void require_own(const OwnRule& rule, const struct stat& info, bool folder, const std::string& path) {
    const std::string fault = rule.fault_of(info, folder);
    if (!fault.empty())
        throw Error(ErrorCode::cannot_open, fmt::format("cannot use {}: {}", path, fault), path);
}

/// A file system without modes of its own may refuse.
void tighten(int file, const struct stat& info, mode_t mode) {
    if (is_lax(info)) static_cast<void>(::fchmod(file, mode));
}

std::string read_up_to(int file, std::size_t limit, const std::string& path) {
    std::string content;
    const auto size = static_cast<std::uint64_t>(stat_of_open(file, path).st_size);
    runtime::read_all(file, size, std::uint64_t{limit} + 1, path, content);
    if (content.size() > limit)
        throw Error(ErrorCode::too_large, fmt::format("{} has more than {} bytes", path, limit), path);
    return content;
}

void write_whole(int file, std::string_view content, const std::string& path) {
    runtime::write_all(file, content, path);
    if (::fsync(file) != 0) throw_errno(errno, "write", path);
}

}  // namespace

struct StateFolder::Body {
    UniqueFd folder;
    std::string path;
    OwnRule rule;

    std::string path_of(const std::string& name) const { return path + '/' + name; }
    std::optional<struct stat> check(const std::string& name, bool is_folder) const;
    UniqueFd open(const std::string& name, int flags) const;
    UniqueFd open_temporaries() const;
};

/// What is there, by the rule, and as private as it must be.
std::optional<struct stat> StateFolder::Body::check(const std::string& name, bool is_folder) const {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
        throw Error(ErrorCode::invalid_argument, fmt::format("'{}' is no name of a file", name), name);
    const auto info = stat_of_entry_in(folder.get(), name, path_of(name));
    if (!info) return info;
    require_own(rule, *info, is_folder, path_of(name));
    const mode_t mode = is_folder ? runtime::kOwnFolderMode : runtime::kOwnFileMode;
    if (is_lax(*info)) static_cast<void>(::fchmodat(folder.get(), name.c_str(), mode, AT_SYMLINK_NOFOLLOW));
    return info;
}

/// Empty: there is none.
UniqueFd StateFolder::Body::open(const std::string& name, int flags) const {
    // First a look, which wakes no device.
    if (!check(name, false) && (flags & O_CREAT) == 0) return {};
    UniqueFd file(::openat(folder.get(), name.c_str(), flags | kNoSurprise, runtime::kOwnFileMode));
    if (!file && errno == ENOENT) return {};
    if (!file) throw_errno(errno, "open", path_of(name), ErrorCode::cannot_open);
    const struct stat info = stat_of_open(file.get(), path_of(name));
    require_own(rule, info, false, path_of(name));
    tighten(file.get(), info, runtime::kOwnFileMode);
    return file;
}

UniqueFd StateFolder::Body::open_temporaries() const {
    const std::string name = files::last_segment(files::kTemporaryFolder);
    if (::mkdirat(folder.get(), name.c_str(), runtime::kOwnFolderMode) != 0 && errno != EEXIST)
        throw_errno(errno, "make the folder", path_of(name));
    check(name, true);
    UniqueFd opened(::openat(folder.get(), name.c_str(), kFolderFlags));
    if (!opened) throw_errno(errno, "open the folder", path_of(name));
    return opened;
}

StateFolder::StateFolder(std::unique_ptr<Body> body) : body_(std::move(body)) {}
StateFolder::StateFolder(StateFolder&& other) noexcept = default;
StateFolder& StateFolder::operator=(StateFolder&& other) noexcept = default;
StateFolder::~StateFolder() = default;

std::optional<StateFolder> StateFolder::find(const std::string& root) {
    const UniqueFd above(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!above && errno == ENOENT) return std::nullopt;
    if (!above) throw_errno(errno, "open the folder", root, ErrorCode::cannot_open);
    const std::string path = root + '/' + files::kStateFolder;
    const OwnRule rule(stat_of_open(above.get(), root).st_uid);
    const auto seen = stat_of_entry_in(above.get(), files::kStateFolder, path);
    if (!seen) return std::nullopt;
    require_own(rule, *seen, true, path);
    UniqueFd folder(::openat(above.get(), files::kStateFolder, kFolderFlags));
    if (!folder) throw_errno(errno, "open the folder", path, ErrorCode::cannot_open);
    const struct stat info = stat_of_open(folder.get(), path);
    require_own(rule, info, true, path);
    tighten(folder.get(), info, runtime::kOwnFolderMode);
    StateFolder found(std::make_unique<Body>(Body{std::move(folder), path, rule}));
    for (const char* below : {files::kTemporaryFolder, files::kRescuedFolder})
        found.check_folder(files::last_segment(below));
    return found;
}

StateFolder StateFolder::make(const std::string& root) {
    const std::string path = root + '/' + files::kStateFolder;
    // Whatever is there already, find() judges.
    if (::mkdir(path.c_str(), runtime::kOwnFolderMode) != 0 && errno != EEXIST)
        throw_errno(errno, "make the folder", path, ErrorCode::cannot_open);
    auto found = find(root);
    if (!found) throw_errno(ENOENT, "open the folder", path, ErrorCode::cannot_open);
    return std::move(*found);
}

const std::string& StateFolder::path() const {
    return body_->path;
}

bool StateFolder::check_file(const std::string& name) const {
    return body_->check(name, false).has_value();
}

bool StateFolder::check_folder(const std::string& name) const {
    return body_->check(name, true).has_value();
}

std::optional<std::string> StateFolder::read(const std::string& name, std::size_t limit) const {
    const UniqueFd file = body_->open(name, O_RDONLY);
    if (!file) return std::nullopt;
    return read_up_to(file.get(), limit, body_->path_of(name));
}

void StateFolder::replace(const std::string& name, const std::string& content) const {
    const auto old = body_->check(name, false);
    const std::string path = body_->path_of(name);
    const UniqueFd temporaries = body_->open_temporaries();
    const std::string temporary = files::last_segment(files::new_temporary(files::kPartPrefix));
    const UniqueFd file(::openat(temporaries.get(), temporary.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | kNoSurprise, runtime::kOwnFileMode));
    if (!file) throw_errno(errno, "make", body_->path_of(temporary));
    try {
        write_whole(file.get(), content, path);
        // It stays whose it was, where root writes.
        if (old && old->st_uid != ::geteuid())
            static_cast<void>(::fchown(file.get(), old->st_uid, old->st_gid));
        if (::renameat(temporaries.get(), temporary.c_str(), body_->folder.get(), name.c_str()) != 0)
            throw_errno(errno, "replace", path);
    } catch (const Error&) {
        ::unlinkat(temporaries.get(), temporary.c_str(), 0);
        throw;
    }
}

bool StateFolder::remove(const std::string& name) const {
    if (::unlinkat(body_->folder.get(), name.c_str(), 0) == 0) return true;
    if (errno != ENOENT) throw_errno(errno, "remove", body_->path_of(name));
    return false;
}

int StateFolder::open_lock(const std::string& name, bool create) const {
    return body_->open(name, create ? O_RDWR | O_CREAT : O_RDWR).release();
}

}  // namespace fluentsync
