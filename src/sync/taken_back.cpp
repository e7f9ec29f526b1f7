#include "sync/taken_back.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "git/index.hpp"

namespace fluentsync::sync {

namespace {

/// What was replaced by a commit of ours is looked for so far back.
constexpr std::size_t kLastCommits = 32;

class Judge {
  public:
    Judge(GitContext& git, const std::vector<Overwritten>& files)
        : git_(git),
          files_(files),
          operating_(!git.repository.operation_in_progress().empty()),
          head_(tree_of(git, git.repository.head().commit)),
          stash_(tree_of(git, git.repository.ref("refs/stash"))) {}

    bool is_taken_back(const Overwritten& file) {
        return (file.now ? wrote(file) : left(file.path)) && !keeps(file);
    }

  private:
    std::optional<base::ObjectId> at(const std::optional<base::ObjectId>& tree, const std::string& path) {
        const auto found = tree ? git::find_in_tree(git_.repository, *tree, path) : std::nullopt;
        return found ? std::optional(found->id) : std::nullopt;
    }

    bool wrote(const Overwritten& file) {
        if (!operating_ && at(head_, file.path) != file.now) {
            return false;
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

    bool left(const std::string& path) {
        return !at(head_, path) && std::any_of(git_.left_trees.begin(), git_.left_trees.end(),
                                               [&](const auto& tree) { return at(tree, path).has_value(); });
    }

    bool keeps(const Overwritten& file) {
        return at(stash_, file.path) == file.agreed ||
               std::any_of(git_.left_trees.begin(), git_.left_trees.end(),
                           [&](const auto& tree) { return at(tree, file.path) == file.agreed; }) ||
               had_lately(file);
    }

    /// Whether one of the last commits has it.
    bool had_lately(const Overwritten& file) {
        std::vector<base::ObjectId> commits;
        if (const auto head = git_.repository.head().commit) {
            commits.push_back(*head);
        }
        for (std::size_t i = 0; i < commits.size() && i < kLastCommits; ++i) {
            if (!git_.repository.has_object(commits[i])) {
                continue;  // Of a shallow clone.
            }
            const git::CommitInfo info = git_.repository.commit_info(commits[i]);
            if (at(info.tree, file.path) == file.agreed) {
                return true;
            }
            commits.insert(commits.end(), info.parents.begin(), info.parents.end());
        }
        return false;
    }

    GitContext& git_;
    const std::vector<Overwritten>& files_;
    const bool operating_;
    const std::optional<base::ObjectId> head_;
    const std::optional<base::ObjectId> stash_;
    std::optional<std::map<std::string, git::IndexEntry>> index_;
};

}  // namespace

std::set<std::string> taken_back(GitContext& git, const std::vector<Overwritten>& files) {
    std::set<std::string> paths;
    try {
        Judge judge(git, files);
        for (const Overwritten& file : files) {
            if (judge.is_taken_back(file)) {
                paths.insert(file.path);
            }
        }
    } catch (const Error&) {  // Where git cannot be asked, a record too many is better than a version lost.
        for (const Overwritten& file : files) {
            paths.insert(file.path);
        }
    }
    return paths;
}

}  // namespace fluentsync::sync
