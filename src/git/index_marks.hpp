/// What a person has marked in git's index, so that git takes it for unchanged.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "git/repository.hpp"

namespace fluentsync::git {

/// Entries that are skip-worktree or assume-unchanged.
struct IndexMarks {
    std::set<std::string, std::less<>> files;
    /// With '/' at the end: a sparse index has one entry for all below it.
    std::set<std::string, std::less<>> folders;
    /// The first name at the root, of any entry, that some file system takes for .fluentsync; empty: none.
    std::string state_folder = {};

    bool contains(std::string_view path) const;
    bool operator==(const IndexMarks&) const = default;
};

/// Of the index at `path`, in any form that git writes (versions 2 to 4, split, sparse, without a checksum):
/// also of one that libgit2 refuses to read. What is no index has no marks.
IndexMarks read_index_marks(const std::string& path);

/// The marks of a repository's index as it is at each question, read anew only when it has been replaced. Any
/// thread.
class MarkedPaths {
  public:
    bool contains(const Repository& repository, std::string_view path);
    /// IndexMarks::state_folder, which costs no reading of its own.
    std::string state_folder(const Repository& repository);

  private:
    void take_up(const std::string& index);

    struct Stamp {
        std::int64_t mtime_ns = 0;
        std::uint64_t inode = 0;
        std::int64_t size = -1;
        bool operator==(const Stamp&) const = default;
    };

    std::mutex mutex_;
    Stamp stamp_;  ///< Of the index that was read.
    IndexMarks marks_;
};

}  // namespace fluentsync::git
