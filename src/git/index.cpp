#include "git/index.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/tuning.hpp"
#include "codec/key_path.hpp"
#include "git/index_file.hpp"
#include "git/stale_lock.hpp"

namespace fluentsync::git {

namespace {

/// A person who stages again and again while we look wins; the next turn comes.
constexpr int kAttempts = 3;
/// Entries between two looks at whether to go on: each costs a question to the ledger and one to the disk.
constexpr std::size_t kBetweenLooks = 256;

/// Thrown through a walk that is to end.
struct CutShort {};

/// An entry that a person only means to add (`git add -N`) holds nothing that is staged.
bool only_meant(const git_index_entry* entry) {
    return (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0;
}

std::optional<TreeFile> staged(const git_index_entry* entry) {
    if (!entry || only_meant(entry)) return std::nullopt;
    return TreeFile{from_oid(entry->id), entry->mode};
}

/// Whether an entry at a folder of `path`, or below `path`, is in its way. libgit2 would take it out.
bool blocked(git_index* index, const std::string& path) {
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (git_index_find(nullptr, index, path.substr(0, slash).c_str()) == 0) return true;
    }
    return git_index_find_prefix(nullptr, index, (path + "/").c_str()) == 0;
}

/// What git keeps of a file's stat, where the file is surely the one that the caller knows; else zeros, and
/// git looks for itself.
void fill_stat(git_index_entry& entry, const std::string& work_tree, const runtime::FileStat& known) {
    const bool fits = (known.kind == runtime::FileKind::regular &&
                       (entry.mode == kModeFile || entry.mode == kModeExecutable)) ||
                      (known.kind == runtime::FileKind::symlink && entry.mode == kModeLink);
    struct stat now {};
    if (!fits || ::lstat((work_tree + entry.path).c_str(), &now) != 0) return;
    const auto nanoseconds = [](const timespec& time) {
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    };
    if (now.st_ino != known.inode || nanoseconds(now.st_mtim) != known.mtime_ns ||
        nanoseconds(now.st_ctim) != known.ctime_ns || static_cast<std::uint64_t>(now.st_size) != known.size) {
        return;
    }
    entry.mtime = {static_cast<std::int32_t>(now.st_mtim.tv_sec),
                   static_cast<std::uint32_t>(now.st_mtim.tv_nsec)};
    entry.ctime = {static_cast<std::int32_t>(now.st_ctim.tv_sec),
                   static_cast<std::uint32_t>(now.st_ctim.tv_nsec)};
    entry.dev = static_cast<std::uint32_t>(now.st_dev);
    entry.ino = static_cast<std::uint32_t>(now.st_ino);
    entry.uid = now.st_uid;
    entry.gid = now.st_gid;
    entry.file_size = static_cast<std::uint32_t>(now.st_size);
}

class Bringing {
  public:
    Bringing(Repository& repository, const KnownStat& known)
        : repository_(repository),
          file_(repository, IndexFile::Use::write),
          work_tree_(git_repository_workdir(repository.raw())),
          known_(known) {}

    /// Nothing: the index was written by somebody meanwhile.
    std::optional<IndexOutcome> run(std::optional<base::ObjectId> before,
                                    const std::optional<base::ObjectId>& after,
                                    const IndexListener& listener) {
        listener.read(file_.version());
        const auto go_on = [this, &listener] {
            if (++steps_ % kBetweenLooks == 0 && listener.cut_short()) throw CutShort();
        };
        if (file_.missing()) before.reset();
        // Removals first: a folder may give way to a file, and a file to a folder.
        if (before) {
            for_each_delta(repository_, before, after, [&](const TreeDelta& delta) {
                go_on();
                if (!delta.after && follows(delta)) remove(delta.path);
            });
        }
        for_each_delta(repository_, before, after, [&](const TreeDelta& delta) {
            go_on();
            if (delta.after && follows(delta) && !blocked(file_.index(), delta.path))
                put(delta.path, *delta.after);
        });
        if (changes_ == 0) return IndexOutcome::done;
        return file_.write(listener.about_to_write);
    }

    const std::string& damaged_kept_at() const { return file_.damaged_kept_at(); }

  private:
    /// Whether the entry is still what it was last brought to: neither staged by a person nor in conflict.
    bool follows(const TreeDelta& delta) const {
        const git_index_entry* entry = git_index_get_bypath(file_.index(), delta.path.c_str(), 0);
        if (staged(entry) != delta.before) return false;
        return entry || git_index_find(nullptr, file_.index(), delta.path.c_str()) == GIT_ENOTFOUND;
    }

    void remove(const std::string& path) {
        check(git_index_remove(file_.index(), path.c_str(), 0), "git's index cannot be edited");
        ++changes_;
    }

    void put(const std::string& path, const TreeFile& file) {
        if (!codec::safe_tree_path(path)) return;  // libgit2 refuses such entries; it stays in trees alone.
        git_index_entry entry{};
        entry.path = path.c_str();
        entry.mode = file.mode;
        entry.id = to_oid(file.id);
        keep_marks(entry);
        mark_unmade_link(entry);
        fill_stat(entry, work_tree_, known_(path, file.id));
        check(git_index_add(file_.index(), &entry), "git's index cannot be edited");
        ++changes_;
    }

    /// A person's: what the path has in HEAD is no reason to take them away.
    void keep_marks(git_index_entry& entry) const {
        const git_index_entry* now = git_index_get_bypath(file_.index(), entry.path, 0);
        if (!now || (now->mode == kModeLink) != (entry.mode == kModeLink)) return;
        entry.flags = now->flags & GIT_INDEX_ENTRY_VALID;
        entry.flags_extended = now->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE;
    }

    /// A link that is not made here is no deletion of anybody's. One that is there by now needs no mark.
    void mark_unmade_link(git_index_entry& entry) const {
        struct stat now {};
        if (entry.mode != kModeLink) return;
        const bool there = ::lstat((work_tree_ + entry.path).c_str(), &now) == 0;
        entry.flags_extended = there ? 0 : GIT_INDEX_ENTRY_SKIP_WORKTREE;
    }

    Repository& repository_;
    IndexFile file_;
    std::string work_tree_;
    const KnownStat& known_;
    std::size_t changes_ = 0;
    std::size_t steps_ = 0;
};

/// Index entries in order, conflicts as one entry that is no file.
struct IndexedFile {
    std::string_view path;
    std::optional<TreeFile> file;
};

std::vector<IndexedFile> files_of(git_index* index) {
    std::vector<IndexedFile> files;
    files.reserve(git_index_entrycount(index));
    for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
        const git_index_entry* entry = git_index_get_byindex(index, i);
        if (only_meant(entry)) continue;
        const bool conflict = git_index_entry_stage(entry) > 0;
        if (conflict && !files.empty() && files.back().path == entry->path) continue;
        files.push_back({entry->path, conflict ? std::nullopt : staged(entry)});
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

}  // namespace

bool has_index(const Repository& repository) {
    return ::access(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX).c_str(), F_OK) == 0;
}

bool index_is_damaged(const Repository& repository) {
    return IndexFile::is_damaged(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX));
}

bool index_is_locked(const Repository& repository, std::int64_t now_ms) {
    const std::string path = item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX);
    const IndexStamp lock = stamp_of(path + ".lock");
    if (lock.size < 0) return false;
    // Ours is a second name of the draft, and of the index right after: in this order.
    const bool ours =
        lock.inode == stamp_of(IndexFile::draft_of(path)).inode || lock.inode == stamp_of(path).inode;
    if (ours || !(stamp_of(path + ".lock") == lock)) return false;
    // One that a crash has left keeps nobody waiting for ever, nor one of a clock that was set back.
    const std::int64_t age_ms = now_ms - lock.mtime_ns / 1'000'000;
    return age_ms > -1000 && age_ms < base::tuning::kLivingLock.count();
}

IndexStamp index_stamp(const Repository& repository) {
    return stamp_of(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX));
}

IndexVersion index_version(Repository& repository) {
    return IndexFile(repository, IndexFile::Use::read).version();
}

std::map<std::string, IndexEntry> index_entries(Repository& repository,
                                                const std::vector<std::string>& paths) {
    const IndexFile file(repository, IndexFile::Use::read);
    std::map<std::string, IndexEntry> entries;
    for (const std::string& path : paths) {
        const git_index_entry* entry = git_index_get_bypath(file.index(), path.c_str(), 0);
        if (const auto found = staged(entry)) {
            const std::int64_t time =
                std::int64_t{entry->mtime.seconds} * 1'000'000'000 + entry->mtime.nanoseconds;
            entries.emplace(path, IndexEntry{*found, time});
        }
    }
    return entries;
}

std::string old_index_lock(const Repository& repository) {
    const std::string lock = item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX) + ".lock";
    return is_old_lock(lock) ? lock : std::string();
}

IndexOutcome bring_index(Repository& repository, const std::optional<base::ObjectId>& before,
                         const std::optional<base::ObjectId>& after, const KnownStat& known,
                         const IndexListener& listener, std::string* damaged_kept_at) {
    if (before == after && has_index(repository) && !index_is_damaged(repository)) return IndexOutcome::done;
    try {
        for (int attempt = 0; attempt < kAttempts; ++attempt) {
            Bringing bringing(repository, known);
            const auto outcome = bringing.run(before, after, listener);
            if (damaged_kept_at) *damaged_kept_at = bringing.damaged_kept_at();
            if (outcome) return *outcome;
        }
    } catch (const CutShort&) {
        return IndexOutcome::cut_short;
    }
    return IndexOutcome::locked;
}

std::vector<TreeDelta> diff_index(Repository& repository, const std::optional<base::ObjectId>& tree) {
    const IndexFile file(repository, IndexFile::Use::read);
    const auto indexed = files_of(file.index());
    std::vector<TreeDelta> deltas;
    auto at = indexed.begin();
    const auto add_indexed = [&] {
        deltas.push_back({std::string(at->path), std::nullopt, at->file});
        ++at;
    };
    for_each_file(repository, tree, [&](const std::string& path, const TreeFile& expected) {
        while (at != indexed.end() && at->path < path)
            add_indexed();
        std::optional<TreeFile> found;
        if (at != indexed.end() && at->path == path) found = (at++)->file;
        if (found != expected) deltas.push_back({path, expected, found});
    });
    while (at != indexed.end())
        add_indexed();
    return deltas;
}

}  // namespace fluentsync::git
