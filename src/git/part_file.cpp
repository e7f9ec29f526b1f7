#include "git/part_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>

#include "runtime/posix_error.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

namespace {

std::string new_name() {
    std::random_device random;
    return fmt::format("{}{:08x}{:08x}", kPartPrefix, random(), random());
}

}  // namespace

PartFile::PartFile(const std::string& folder, unsigned mode)
    : folder_(folder), path_(folder + "/" + new_name()) {
    file_ = runtime::UniqueFd(runtime::uninterrupted(
        [&] { return ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode); }));
    if (!file_) runtime::throw_errno(errno, "make a file in", folder_);
}

PartFile::~PartFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

void PartFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count =
            runtime::uninterrupted([&] { return ::write(file_.get(), bytes.data(), bytes.size()); });
        if (count < 0) runtime::throw_errno(errno, "write a file in", folder_);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void PartFile::sync() {
    if (runtime::uninterrupted([&] { return ::fdatasync(file_.get()); }) != 0) {
        runtime::throw_errno(errno, "make a file durable in", folder_);
    }
}

void PartFile::place(const std::string& path) {
    if (runtime::uninterrupted([&] { return std::rename(path_.c_str(), path.c_str()); }) != 0) {
        runtime::throw_errno(errno, "make", path);
    }
    path_.clear();
}

}  // namespace fluentsync::git
