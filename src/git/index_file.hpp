/// The index file, read once and written at most once. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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
    /// Reads it, also one that libgit2 1.5 cannot (see index_form.hpp); a missing one is empty. Throws
    /// Error(repository) for one of an unknown kind, Error(corrupt) to read for one that is damaged, which to
    /// write counts as missing. To write takes the folder's owner, who is one: it clears up after a crash.
    IndexFile(Repository& repository, Use use);
    IndexFile(const IndexFile&) = delete;
    IndexFile& operator=(const IndexFile&) = delete;
    ~IndexFile();
    /// What an index at `path` is written in before it becomes that.
    static std::string draft_of(const std::string& path) { return path + ".fluentsync"; }
    /// Whether an index that is at `path`, and stays there, is none, or not all of one.
    static bool is_damaged(const std::string& path);
    git_index* index() const { return index_.get(); }
    /// As it was read; its entries as they are now.
    IndexVersion version() const { return {stamp_, entries()}; }
    /// There was none of any use when it was read.
    bool missing() const { return stamp_.size < 0 || damaged_; }
    /// Where write() has kept a damaged one; else empty.
    const std::string& damaged_kept_at() const { return damaged_kept_at_; }
    /// Nothing, and nothing is written, when the file is no longer the one that was read. `about_to` is
    /// called under the lock, with what the index is after that.
    std::optional<IndexOutcome> write(const std::function<void(const IndexVersion&)>& about_to);

  private:
    IndexStamp stamp_of_index() const;
    base::ObjectId entries() const;
    void open_index();
    void open_at(const std::string& path);
    void open_other_form(const std::string& path);
    void open_copy(const std::string& bytes);
    void copy_to_draft() const;
    void clear_draft() const;
    int take_lock() const;
    void distrust_racy_entries();

    std::string path_;
    std::string lock_;
    std::string draft_;
    std::string git_folder_;
    Use use_;
    bool damaged_ = false;
    std::string damaged_kept_at_;
    IndexStamp stamp_;
    IndexPtr index_;
};

}  // namespace fluentsync::git
