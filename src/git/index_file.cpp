#include "git/index_file.hpp"

#include <sys/stat.h>

namespace fluentsync::git {

IndexFile::Stamp IndexFile::stamp_of(const std::string& path) {
    struct stat stat {};
    if (::stat(path.c_str(), &stat) != 0) return {};
    return {std::int64_t{stat.st_mtim.tv_sec} * 1'000'000'000 + stat.st_mtim.tv_nsec, stat.st_ino,
            stat.st_size};
}

IndexFile::IndexFile(Repository& repository)
    : path_(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX)), stamp_(stamp_of(path_)) {
    const int code = git_index_open(out(index_), path_.c_str());
    if (code < 0) fail(code, "git's index cannot be read, so it is left as it is", path_);
    distrust_racy_entries();
}

/// An entry that is as young as the file it stands in is one that git does not trust by its stat alone. A
/// file written anew is younger than all: such entries lose their size, which makes git look at the content.
void IndexFile::distrust_racy_entries() {
    if (stamp_.size < 0) return;
    for (std::size_t i = 0; i < git_index_entrycount(index_.get()); ++i) {
        const git_index_entry* entry = git_index_get_byindex(index_.get(), i);
        const auto mtime_ns = std::int64_t{entry->mtime.seconds} * 1'000'000'000 + entry->mtime.nanoseconds;
        if (mtime_ns < stamp_.mtime_ns || mtime_ns == 0 || entry->file_size == 0) continue;
        // libgit2 hands out its own entry; only the size changes, on which no order depends.
        const_cast<git_index_entry*>(entry)->file_size = 0;
    }
}

std::optional<IndexOutcome> IndexFile::write() {
    // libgit2 locks, but does not look whether what it read is still there. Between this look and its lock
    // lie some microseconds.
    if (!(stamp_of(path_) == stamp_)) return std::nullopt;
    const int code = git_index_write(index_.get());
    if (code == GIT_ELOCKED) return IndexOutcome::locked;
    if (code < 0) fail(code, "git's index cannot be written", path_);
    return IndexOutcome::done;
}

}  // namespace fluentsync::git
