/// The index file, read once and written at most once. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <optional>

#include "git/index.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

/// Has an index of its own beside the repository's, whose copy libgit2 would keep in memory for good.
class IndexFile {
  public:
    /// Reads it; a missing one is empty. Throws Error(repository) for one that libgit2 does not understand.
    explicit IndexFile(Repository& repository);
    git_index* index() const { return index_.get(); }
    /// Nothing, and nothing is written, when the file is no longer the one that was read.
    std::optional<IndexOutcome> write();

  private:
    struct Stamp {
        std::int64_t mtime_ns = 0;
        std::uint64_t inode = 0;
        std::int64_t size = -1;
        bool operator==(const Stamp&) const = default;
    };
    static Stamp stamp_of(const std::string& path);
    void distrust_racy_entries();

    std::string path_;
    Stamp stamp_;
    IndexPtr index_;
};

}  // namespace fluentsync::git
