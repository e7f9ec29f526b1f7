#include "git/dot_git_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.hpp"
#include "fluentsync/error.hpp"
#include "git/part_file.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_no_file(const std::string& path) {
    throw Error(
        ErrorCode::repository,
        base::printable(path) + " is no regular file: move it away, then git fsck tells what is missing",
        path);
}

[[noreturn]] void fail_dot_git(const char* what, const std::string& path, int number) {
    throw Error(ErrorCode::io, base::printable(path) + " cannot be " + what + ": " + std::strerror(number),
                path);
}

/// Where it was, below .git.
std::string name_of_place(const std::string& git_folder, const std::string& path) {
    std::string name = path.rfind(git_folder, 0) == 0 ? path.substr(git_folder.size()) : path;
    name.erase(0, name.find_first_not_of('/'));
    std::replace(name.begin(), name.end(), '/', '-');
    return name;
}

}  // namespace

std::optional<std::string> read_dot_git_file(const std::string& path) {
    const runtime::UniqueFd file(
        runtime::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
    if (file.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        if (errno == ENXIO) fail_no_file(path);  // A socket.
        fail_dot_git("read", path, errno);
    }
    struct stat stat {};
    if (::fstat(file.get(), &stat) != 0) fail_dot_git("read", path, errno);
    if (!S_ISREG(stat.st_mode)) fail_no_file(path);
    std::string bytes;
    std::array<char, 65536> part{};
    ssize_t count = 0;
    while ((count = runtime::uninterrupted([&] { return ::read(file.get(), part.data(), part.size()); })) > 0)
        bytes.append(part.data(), static_cast<std::size_t>(count));
    if (count < 0) fail_dot_git("read", path, errno);
    return bytes;
}

void require_no_special_files(const std::string& git_folder) {
    for (const char* name : {"HEAD", "config", "config.worktree", "packed-refs", "index", "shallow",
                             "info/exclude", "info/attributes", "logs/HEAD", "objects/info/alternates"}) {
        const std::string path = git_folder + "/" + name;
        struct stat stat {};
        if (::stat(path.c_str(), &stat) == 0 && !S_ISREG(stat.st_mode) && !S_ISDIR(stat.st_mode))
            fail_no_file(path);
    }
}

std::string keep_damaged(const std::string& git_folder, const std::string& path) {
    const fs::path folder = fs::path(git_folder) / "lost-found" / "damaged";
    std::error_code error;
    fs::create_directories(folder, error);
    const std::string name = (folder / name_of_place(git_folder, path)).string();
    for (int number = 1;; ++number) {
        std::string kept = name + "-" + std::to_string(number);
        if (::link(path.c_str(), kept.c_str()) == 0) return kept;
        if (errno == EEXIST) continue;
        // No second names on this file system.
        if (fs::copy_file(path, kept, error)) return kept;
        if (error != std::errc::file_exists) fail_dot_git("kept aside", path, error.value());
    }
}

void replace_dot_git_file(const std::string& git_folder, const std::string& path, std::string_view bytes) {
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    PartFile part(git_folder, 0666);
    part.write(bytes);
    part.sync();
    part.place(path);
}

}  // namespace fluentsync::git
