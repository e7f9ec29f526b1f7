#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ > STDERR_FILENO) ::close(number_);
    }
    int number() const { return number_; }

  private:
    int number_;
};

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

/// That of the file which is replaced. mkstemp keeps a new one to its owner; in a shared folder it has the
/// usual mode.
mode_t mode_for(const std::string& path) {
    struct stat old = {};
    if (::lstat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode)) return old.st_mode & 07777;
    const auto mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

}  // namespace

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
        if (::fchmod(file.number(), mode_for(path)) != 0) fail(ErrorCode::io, "cannot write", temporary);
        if (::rename(temporary.c_str(), path.c_str()) != 0) fail(ErrorCode::io, "cannot replace", path);
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
}

}  // namespace cli
