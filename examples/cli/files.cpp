#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fluentsync/error.hpp>

namespace cli {
namespace {

using fluentsync::Error;
using fluentsync::ErrorCode;

/// No entity is larger, so nothing beyond is worth the memory.
constexpr std::size_t kLargestContent = 1'000'000'000;

[[noreturn]] void fail(ErrorCode code, const std::string& what, const std::string& path) {
    throw Error(code, what + " " + path + ": " + std::strerror(errno), path);
}

std::string read_all(int descriptor, const std::string& name) {
    std::string content;
    char buffer[65536];
    for (;;) {
        const auto got = ::read(descriptor, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(ErrorCode::io, "cannot read", name);
        if (got == 0) return content;
        content.append(buffer, static_cast<std::size_t>(got));
        if (content.size() > kLargestContent) {
            throw Error(ErrorCode::too_large, name + " is over 1 GB, the most that an entity holds", name);
        }
    }
}

void write_all(int descriptor, const std::string& content, const std::string& name) {
    for (std::size_t from = 0; from < content.size();) {
        const auto put = ::write(descriptor, content.data() + from, content.size() - from);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail(ErrorCode::io, "cannot write", name);
        from += static_cast<std::size_t>(put);
    }
    if (::fsync(descriptor) != 0) fail(ErrorCode::io, "cannot write", name);
}

void copy_attribute(int from, int to, const char* name) {
    std::string value(65536, '\0');
    const auto size = ::fgetxattr(from, name, value.data(), value.size());
    if (size >= 0) ::fsetxattr(to, name, value.data(), static_cast<std::size_t>(size), 0);
}

/// Access list and `user.` attributes; best effort.
void copy_attributes(int from, int to) {
    std::string names(65536, '\0');
    const auto size = ::flistxattr(from, names.data(), names.size());
    const char* const end = names.c_str() + std::max<ssize_t>(size, 0);
    for (const char* name = names.c_str(); name < end; name += std::strlen(name) + 1) {
        const bool users = std::strncmp(name, "user.", 5) == 0;
        if (users || std::strcmp(name, "system.posix_acl_access") == 0) copy_attribute(from, to, name);
    }
}

/// What replaces a file takes over what it replaces: owner, group, permission bits, attributes. What cannot
/// be given makes it narrower. mkstemp keeps a new one to its owner; in a shared folder it has the usual
/// mode.
void shape(int file, const std::string& path) {
    const Descriptor old(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat was = {};
    if (old.number() < 0 || ::fstat(old.number(), &was) != 0 || !S_ISREG(was.st_mode)) {
        const auto mask = ::umask(0);
        ::umask(mask);
        if (::fchmod(file, 0666 & ~mask) != 0) fail(ErrorCode::io, "cannot write", path);
        return;
    }
    struct stat now = {};
    mode_t mode = was.st_mode & 0777;
    if (::fstat(file, &now) != 0) fail(ErrorCode::io, "cannot write", path);
    const bool group = now.st_gid == was.st_gid || ::fchown(file, static_cast<uid_t>(-1), was.st_gid) == 0;
    if (group) copy_attributes(old.number(), file);
    if (!group) mode &= 0700;
    if (::fchmod(file, mode) != 0) fail(ErrorCode::io, "cannot write", path);
    const bool owner = now.st_uid == was.st_uid || ::fchown(file, was.st_uid, static_cast<gid_t>(-1)) == 0;
    if (!owner && ::fchmod(file, mode & ~S_IWOTH) != 0) fail(ErrorCode::io, "cannot write", path);
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
}

std::string read_file(const std::string& path) {
    if (path == "-") return read_all(STDIN_FILENO, "standard input");
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) fail(ErrorCode::cannot_open, "cannot open", path);
    return read_all(file.number(), path);
}

void replace_file(const std::string& path, const std::string& content, const std::string& temporary_folder) {
    std::error_code error;
    std::filesystem::create_directories(temporary_folder, error);
    auto temporary = temporary_folder + "/cli-XXXXXX";
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.number() < 0) fail(ErrorCode::io, "cannot make a file in", temporary_folder);
    try {
        write_all(file.number(), content, temporary);
        shape(file.number(), path);
        if (::rename(temporary.c_str(), path.c_str()) != 0) fail(ErrorCode::io, "cannot replace", path);
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
}

}  // namespace cli
