#include "git/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "fluentsync/error.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kBuffer = 256 * 1024;

[[noreturn]] void fail_spool() {
    throw Error(ErrorCode::io, "a temporary file for git objects: " + std::string(std::strerror(errno)));
}

int open_named_then_unlink() {
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    std::string name = (error ? "/tmp" : folder.string()) + "/fluentsync-XXXXXX";
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) ::unlink(name.c_str());
    return file;
}

}  // namespace

Spool::Spool(const std::string& folder) {
#ifdef O_TMPFILE
    file_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
    if (file_ < 0) file_ = open_named_then_unlink();
    if (file_ < 0) fail_spool();
    pending_.reserve(kBuffer);
}

Spool::~Spool() {
    if (file_ >= 0) ::close(file_);
}

void Spool::append(std::string_view bytes) {
    pending_.append(bytes);
    if (pending_.size() >= kBuffer) flush();
}

void Spool::flush() {
    std::string_view rest = pending_;
    while (!rest.empty()) {
        const ssize_t count = ::write(file_, rest.data(), rest.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail_spool();
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    pending_.clear();
}

std::string_view Spool::next(std::string& buffer) {
    flush();
    buffer.resize(kBuffer);
    ssize_t count = -1;
    do {
        count = ::pread(file_, buffer.data(), buffer.size(), static_cast<off_t>(read_));
    } while (count < 0 && errno == EINTR);
    if (count < 0) fail_spool();
    read_ += static_cast<std::size_t>(count);
    return {buffer.data(), static_cast<std::size_t>(count)};
}

}  // namespace fluentsync::git
