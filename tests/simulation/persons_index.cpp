#include "persons_index.hpp"

#include <fcntl.h>
#include <git2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace simulation {

namespace {

std::string index_of(const std::string& folder) {
    return folder + "/.git/index";
}

void must(int code) {
    if (code < 0) throw std::logic_error("git's index cannot be written");
}

}  // namespace

bool has_index(const std::string& folder) {
    return ::access(index_of(folder).c_str(), F_OK) == 0;
}

HeldIndex::HeldIndex(const std::string& folder, const VirtualClock& clock)
    : lock_(index_of(folder) + ".lock") {
    const int file = ::open(lock_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) return;
    const timespec now{clock.wall_ns() / 1'000'000'000, clock.wall_ns() % 1'000'000'000};
    const timespec times[2] = {now, now};
    held_ = ::futimens(file, times) == 0;
    ::close(file);
}

HeldIndex::~HeldIndex() {
    if (held_) ::unlink(lock_.c_str());
}

void note_in_index(const std::string& folder, const std::string& path, const std::string& bytes,
                   std::int64_t mtime_ns) {
    git_index* index = nullptr;
    must(git_index_open(&index, index_of(folder).c_str()));
    git_index_entry entry{};
    entry.mode = GIT_FILEMODE_BLOB;
    entry.path = path.c_str();
    entry.file_size = static_cast<std::uint32_t>(bytes.size());
    entry.mtime = {static_cast<std::int32_t>(mtime_ns / 1'000'000'000),
                   static_cast<std::uint32_t>(mtime_ns % 1'000'000'000)};
    must(git_odb_hash(&entry.id, bytes.data(), bytes.size(), GIT_OBJECT_BLOB));
    must(git_index_add(index, &entry));
    must(git_index_write(index));
    git_index_free(index);
}

}  // namespace simulation
