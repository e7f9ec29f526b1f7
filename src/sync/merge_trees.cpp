#include "sync/merge_trees.hpp"

#include <map>
#include <set>

#include "git/tree_ignore.hpp"
#include "git/tree_lookup.hpp"
#include "sync/contest.hpp"
#include "sync/git_form.hpp"
#include "sync/tree_renames.hpp"
#include "sync/unreadable.hpp"

namespace fluentsync::sync {

namespace {

/// Contents above this are not merged as text.
constexpr std::uint64_t kMergeLimit = 10u << 20;
/// And a loser's bytes above this are refused: the pull fails with a clear message instead of losing them.
constexpr std::uint64_t kRecordLimit = 512u << 20;

using Changes = std::map<std::string, std::optional<git::TreeFile>>;

struct ThreeWay {
    std::optional<git::TreeFile> base;
    std::optional<git::TreeFile> ours;
    std::optional<git::TreeFile> theirs;
};

std::optional<base::ObjectId> id_of(const std::optional<git::TreeFile>& file) {
    return file ? std::optional(file->id) : std::nullopt;
}

std::set<std::string> keys_of(const Changes& changes) {
    std::set<std::string> keys;
    for (const auto& [path, file] : changes) {
        keys.insert(path);
    }
    return keys;
}

bool is_text_file(const std::optional<git::TreeFile>& file) {
    return file && (file->mode == git::kModeFile || file->mode == git::kModeExecutable);
}

class TreeMerger {
  public:
    TreeMerger(GitContext& git, const TreesToMerge& trees, git::ObjectWriter& writer)
        : git_(git),
          trees_(trees),
          writer_(writer),
          form_(git),
          local_(git.repository, trees.local),
          remote_(git.repository, trees.remote) {}
    MergedTree run();

  private:
    std::optional<git::TreeFile> settle(const std::string& path, const ThreeWay& sides);
    git::TreeFile contend(const std::string& path, const ThreeWay& sides);
    bool is_lost(const git::TreeFile& file) const;
    std::optional<git::TreeFile> merge_file(const std::string& path, const ThreeWay& sides);
    void add_conflict(const std::string& path, const ThreeWay& sides, plan::Side winner);
    void add_key_conflicts(const std::string& path, const ThreeWay& sides, const MergedNote& merged);
    Changes follow_renames(const std::vector<git::TreeDelta>& local,
                           const std::vector<git::TreeDelta>& remote);
    bool folder_stands(const std::string& path, const Changes& changes);
    void clear_clashes(Changes& changes);
    void let_go_ignored();

    GitContext& git_;
    const TreesToMerge& trees_;
    git::ObjectWriter& writer_;
    GitForm form_;
    git::TreeLookup local_;
    git::TreeLookup remote_;
    MergedTree result_;
    std::vector<std::string> edited_and_removed_;
};

std::uint32_t merged_mode(const ThreeWay& sides) {
    const std::uint32_t base = sides.base ? sides.base->mode : git::kModeFile;
    return sides.ours->mode != base ? sides.ours->mode : sides.theirs->mode;
}

/// The content of one side; who changed the mode is another question.
std::optional<git::TreeFile> with_merged_mode(const std::optional<git::TreeFile>& side,
                                              const ThreeWay& sides) {
    const bool both_are_files = is_text_file(sides.ours) && is_text_file(sides.theirs);
    return side && both_are_files ? git::TreeFile{side->id, merged_mode(sides)} : side;
}

MergedTree TreeMerger::run() {
    const auto local = git::diff_trees(git_.repository, trees_.base, trees_.local);
    const auto remote = git::diff_trees(git_.repository, trees_.base, trees_.remote);
    std::map<std::string, ThreeWay> both;
    for (const git::TreeDelta& delta : local) {
        both[delta.path] = {delta.before, delta.after, delta.before};
    }
    Changes changes = follow_renames(local, remote);
    const std::set<std::string> followed = keys_of(changes);
    std::erase_if(changes, [&](const auto& one) { return !one.second && !local_.file(one.first); });
    for (const auto& [path, file] : trees_.newer_base) {
        const auto ours = local_.file(path);
        const auto settled = settle(path, {file, ours, remote_.file(path)});
        if (settled != ours) {
            changes[path] = settled;
        }
    }
    for (const git::TreeDelta& delta : remote) {
        if (trees_.newer_base.count(delta.path) > 0 || followed.count(delta.path) > 0) {
            continue;
        }
        const auto ours = both.find(delta.path);
        if (ours == both.end()) {
            changes[delta.path] = delta.after;
            continue;
        }
        ours->second.theirs = delta.after;
        const auto settled = settle(delta.path, ours->second);
        if (settled != ours->second.ours) {
            changes[delta.path] = settled;
        }
    }
    clear_clashes(changes);
    std::vector<git::TreeChange> list;
    for (auto& [path, file] : changes) {
        list.push_back({path, file});
    }
    result_.tree = git::edit_tree(git_.repository, trees_.local, std::move(list), writer_);
    let_go_ignored();
    return std::move(result_);
}

/// What the paths before and after of a rename become that the other side's edit follows. The mode is that of
/// the edit.
Changes TreeMerger::follow_renames(const std::vector<git::TreeDelta>& local,
                                   const std::vector<git::TreeDelta>& remote) {
    Changes changes;
    const auto follow = [&](const std::vector<FollowedRename>& renames) {
        for (const FollowedRename& one : renames) {
            const bool in_doubt = trees_.newer_base.count(one.before) > 0 ||
                                  trees_.newer_base.count(one.after) > 0 || local_.folder(one.after) ||
                                  remote_.folder(one.after);
            if (in_doubt) {
                continue;
            }
            changes[one.before] = std::nullopt;
            changes[one.after] = one.edited;
        }
    };
    follow(followed_renames(local, remote));
    follow(followed_renames(remote, local));
    return changes;
}

/// An edit beats a removal, but not where the removal was of the path out of git alone: the merged tree's own
/// rules ignore it. Each side keeps its file.
void TreeMerger::let_go_ignored() {
    if (edited_and_removed_.empty()) {
        return;
    }
    git::TreeIgnoreRules rules(git_.repository, result_.tree);
    std::vector<git::TreeChange> list;
    for (const std::string& path : edited_and_removed_) {
        if (rules.ignore(path)) {
            list.push_back({path, std::nullopt});
        }
    }
    if (!list.empty()) {
        result_.tree = git::edit_tree(git_.repository, result_.tree, std::move(list), writer_);
    }
}

std::optional<git::TreeFile> TreeMerger::settle(const std::string& path, const ThreeWay& sides) {
    if (sides.ours == sides.theirs) {
        return sides.ours;
    }
    if (sides.base && (!sides.ours || !sides.theirs)) {
        edited_and_removed_.push_back(path);
    }
    switch (plan::reconcile({id_of(sides.base), id_of(sides.ours), id_of(sides.theirs), false})) {
        case plan::Verdict::take_theirs:
        case plan::Verdict::drop_ours:
            return with_merged_mode(sides.theirs, sides);
        case plan::Verdict::contend:
            return contend(path, sides);
        default:
            return with_merged_mode(sides.ours, sides);
    }
}

git::TreeFile TreeMerger::contend(const std::string& path, const ThreeWay& sides) {
    if (const auto merged = merge_file(path, sides)) {
        return *merged;
    }
    if (is_lost(*sides.ours)) {
        return *sides.theirs;  // Nothing is left of ours that could be kept.
    }
    // Theirs counts by its name where it is lost here: others have it. Ours is kept as a record.
    const plan::Side winner = is_lost(*sides.theirs)
                                  ? plan::Side::theirs
                                  : plan::pick_winner(preference_of(git_.options.conflict_policy),
                                                      {sides.ours->id, 0}, {sides.theirs->id, 0});
    add_conflict(path, sides, winner);
    return winner == plan::Side::ours ? *sides.ours : *sides.theirs;
}

bool TreeMerger::is_lost(const git::TreeFile& file) const {
    return file.mode != git::kModeSubmodule && !content_of(git_, file.id, kRecordLimit);
}

std::optional<git::TreeFile> TreeMerger::merge_file(const std::string& path, const ThreeWay& sides) {
    if (!is_text_file(sides.base) || !is_text_file(sides.ours) || !is_text_file(sides.theirs) ||
        git_.options.conflict_policy != RemoteConflictPolicy::merge) {
        return std::nullopt;
    }
    const git::MergeRule rule = form_.merge_rule(path);
    if (rule == git::MergeRule::ours) {  // The other version is in the history.
        return git::TreeFile{sides.ours->id, merged_mode(sides)};
    }
    try {
        const auto base = content_of(git_, sides.base->id, kMergeLimit);
        const auto ours = content_of(git_, sides.ours->id, kMergeLimit);
        const auto theirs = content_of(git_, sides.theirs->id, kMergeLimit);
        const codec::Classified what = git_.sync.classify(path);
        if (!base || !ours || !theirs) {
            return std::nullopt;
        }
        if (const auto merged = merge_for_git(git_.sync, what, *base, *ours, *theirs, rule)) {
            add_key_conflicts(path, sides, *merged);
            return git::TreeFile{writer_.add(git::ObjectWriter::Kind::blob, merged->text),
                                 merged_mode(sides)};
        }
    } catch (const Error& error) {
        if (error.code() != ErrorCode::too_large) {
            throw;
        }
    }
    return std::nullopt;
}

void TreeMerger::add_key_conflicts(const std::string& path, const ThreeWay& sides, const MergedNote& merged) {
    if (merged.conflicts.empty()) {
        return;
    }
    const EntityKey key = git_.sync.classify(path).key;
    MergedNote here = merged;
    here.text = form_.to_file(path, merged.text).value_or(merged.text);
    Conflict about;
    about.path = path;
    about.type = key.type;
    about.id = key.id;
    about.base_hash = sides.base->id.hex();
    for (Conflict& one : key_conflicts(here, about, {"local", "remote"})) {
        result_.conflicts.push_back(std::move(one));
    }
}

void TreeMerger::add_conflict(const std::string& path, const ThreeWay& sides, plan::Side winner) {
    const auto version = [&](const std::optional<git::TreeFile>& file) {
        if (!file || file->mode == git::kModeSubmodule) {
            return ContestVersion{};
        }
        std::string blob = content_of(git_, file->id, kRecordLimit).value_or("");
        auto here = form_.to_file(path, blob);  // A person may put it in place.
        return here ? ContestVersion{base::hash_blob(*here), std::move(*here)}
                    : ContestVersion{file->id, std::move(blob)};
    };
    const codec::Classified classified = git_.sync.classify(path);
    result_.conflicts.push_back(remote_conflict(path, classified.key, id_of(sides.base), version(sides.ours),
                                                version(sides.theirs), winner));
}

/// Whether something is left of a local folder once the changes are made, or comes into it.
bool TreeMerger::folder_stands(const std::string& path, const Changes& changes) {
    const auto folder = local_.folder(path);
    if (!folder) {
        return false;
    }
    const std::string below = path + "/";
    const auto first = changes.lower_bound(below);
    if (first == changes.end() || first->first.compare(0, below.size(), below) != 0) {
        return true;
    }
    bool stands = false;
    git::for_each_file(git_.repository, folder, [&](const std::string& file, const git::TreeFile&) {
        stands = stands || changes.count(below + file) == 0;
    });
    for (auto change = first; change != changes.end() && !stands; ++change) {
        if (change->first.compare(0, below.size(), below) != 0) {
            break;
        }
        stands = change->second.has_value();
    }
    return stands;
}

/// A file on one side where the other has a folder. The folder stands.
void TreeMerger::clear_clashes(Changes& changes) {
    Changes dropped;
    for (const auto& [path, file] : changes) {
        if (!file) {
            continue;
        }
        for (std::size_t slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1)) {
            const std::string parent = path.substr(0, slash);
            const auto change = changes.find(parent);
            const auto ours = local_.file(parent);
            if (ours && !(change != changes.end() && !change->second)) {
                add_conflict(parent, {std::nullopt, ours, std::nullopt}, plan::Side::theirs);
                dropped[parent] = std::nullopt;
            }
        }
        if (folder_stands(path, changes)) {
            add_conflict(path, {std::nullopt, std::nullopt, remote_.file(path)}, plan::Side::ours);
            dropped[path] = std::nullopt;
        }
    }
    for (const auto& [path, none] : dropped) {
        if (local_.folder(path)) {
            changes.erase(path);
        } else {
            changes[path] = none;
        }
    }
}

}  // namespace

MergedTree merge_trees(GitContext& git, const TreesToMerge& trees, git::ObjectWriter& writer) {
    return TreeMerger(git, trees, writer).run();
}

}  // namespace fluentsync::sync
