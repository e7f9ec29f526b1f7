#include "sync/taken_back.hpp"

#include <map>
#include <optional>

#include "git/index.hpp"
#include "git/tree_lookup.hpp"

namespace fluentsync::sync {

namespace {

/// What was replaced by a commit of ours is looked for so far back.
constexpr std::size_t kLastCommits = 32;

/// One tree at a time is asked about all files: a checkout goes over thousands of them.
class Judge {
  public:
    Judge(GitContext& git, const std::vector<Overwritten>& files)
        : git_(git),
          files_(files),
          operating_(!git.repository.operation_in_progress().empty()),
          head_(git.repository, tree_of(git, git.repository.head().commit)) {}

    std::set<std::string> run() {
        for (const Overwritten& file : files_) {
            if (file.now ? wrote(file) : !head_.file(file.path)) {
                open_.push_back(&file);
            }
        }
        for (const base::ObjectId& tree : git_.left_trees) {
            look_in(tree);
        }
        std::erase_if(open_,
                      [&](const Overwritten* file) { return !file->now && left_.count(file->path) == 0; });
        if (const auto stash = tree_of(git_, git_.repository.ref("refs/stash")); stash && !open_.empty()) {
            look_in(*stash);
        }
        look_in_last_commits();
        std::set<std::string> paths;
        for (const Overwritten* file : open_) {
            paths.insert(file->path);
        }
        return paths;
    }

  private:
    bool wrote(const Overwritten& file) {
        if (!operating_) {
            const auto at_head = head_.file(file.path);
            if (!at_head || at_head->id != file.now) {
                return false;
            }
        }
        if (!index_) {
            read_index();
        }
        const auto entry = index_->find(file.path);
        return entry != index_->end() && entry->second.file.id == file.now &&
               entry->second.mtime_ns == file.mtime_ns;
    }

    /// Once, and only where it matters: it may have 100,000 entries.
    void read_index() {
        std::vector<std::string> paths;
        paths.reserve(files_.size());
        for (const Overwritten& file : files_) {
            paths.push_back(file.path);
        }
        index_ = git::index_entries(git_.repository, paths);
    }

    /// What the tree keeps is not lost.
    void look_in(const base::ObjectId& tree) {
        git::TreeLookup lookup(git_.repository, tree);
        std::erase_if(open_, [&](const Overwritten* file) {
            const auto there = lookup.file(file->path);
            if (there) {
                left_.insert(file->path);
            }
            return there && there->id == file->agreed;
        });
    }

    void look_in_last_commits() {
        std::vector<base::ObjectId> commits;
        if (const auto head = git_.repository.head().commit) {
            commits.push_back(*head);
        }
        for (std::size_t i = 0; i < commits.size() && i < kLastCommits && !open_.empty(); ++i) {
            if (!git_.repository.has_object(commits[i])) {
                continue;  // Of a shallow clone.
            }
            const git::CommitInfo info = git_.repository.commit_info(commits[i]);
            look_in(info.tree);
            commits.insert(commits.end(), info.parents.begin(), info.parents.end());
        }
    }

    GitContext& git_;
    const std::vector<Overwritten>& files_;
    const bool operating_;
    git::TreeLookup head_;
    std::optional<std::map<std::string, git::IndexEntry>> index_;
    std::vector<const Overwritten*> open_;  ///< Those that nothing was found to keep so far.
    std::set<std::string> left_;            ///< Paths that one of the trees had.
};

}  // namespace

std::set<std::string> taken_back(GitContext& git, const std::vector<Overwritten>& files) {
    try {
        return Judge(git, files).run();
    } catch (const Error&) {  // Where git cannot be asked, a record too many is better than a version lost.
        std::set<std::string> paths;
        for (const Overwritten& file : files) {
            paths.insert(file.path);
        }
        return paths;
    }
}

}  // namespace fluentsync::sync
