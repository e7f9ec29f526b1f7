/// The index file, read once and written at most once. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <optional>

#include "git/index.hpp"
#include "git/library.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

/// Has an index of its own beside the repository's, whose copy libgit2 would keep in memory for good.
///
/// It is written in a draft of its own name, and index.lock is a second name of that draft. So a lock that is
/// left by a crash of ours is known for what it is, and nobody else's is ever taken away.
class IndexFile {
  public:
    enum class Use { read, write };
    /// Reads it; a missing one is empty. Throws Error(repository) for one that libgit2 does not understand.
    /// To write takes the folder's owner, who is one: it clears up after a crash.
    IndexFile(Repository& repository, Use use);
    IndexFile(const IndexFile&) = delete;
    IndexFile& operator=(const IndexFile&) = delete;
    ~IndexFile();
    /// What an index at `path` is written in before it becomes that.
    static std::string draft_of(const std::string& path) { return path + ".fluentsync"; }
    git_index* index() const { return index_.get(); }
    /// There was none when it was read.
    bool missing() const { return stamp_.size < 0; }
    /// Nothing, and nothing is written, when the file is no longer the one that was read. `about_to` is
    /// called under the lock.
    std::optional<IndexOutcome> write(const std::function<void()>& about_to);

  private:
    IndexStamp stamp_of_index() const;
    void open_index(const std::string& path);
    void copy_to_draft() const;
    void clear_draft() const;
    int take_lock() const;
    void distrust_racy_entries();

    std::string path_;
    std::string lock_;
    std::string draft_;
    Use use_;
    IndexStamp stamp_;
    IndexPtr index_;
};

}  // namespace fluentsync::git
