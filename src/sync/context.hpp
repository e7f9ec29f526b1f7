/// What the hops of one folder share. Used on the local lane alone, but where a member says otherwise.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/object_id.hpp"
#include "base/tuning.hpp"
#include "codec/key_path.hpp"
#include "fluentsync/options.hpp"
#include "git/attributes.hpp"
#include "plan/arrivals.hpp"
#include "plan/deletion_guard.hpp"
#include "plan/missing_files.hpp"
#include "plan/told_failures.hpp"
#include "runtime/file_system.hpp"
#include "runtime/lane.hpp"
#include "store/ledger.hpp"
#include "store/store_body.hpp"
#include "sync/mounts.hpp"

namespace fluentsync::sync {

/// An agreed version of an entity that no commit has, as far as the ledger knows, and that its file has no
/// longer.
struct Overwritten {
    std::string path;
    base::ObjectId agreed;
    std::optional<base::ObjectId> now;  ///< What the file has; nothing: it is gone.
    std::int64_t mtime_ns = 0;          ///< Of the file.
};

/// What a person's git does to the files.
struct PersonsGit {
    /// It has looked at the files and goes over them, so that what is written meanwhile it overwrites unseen.
    /// Helper threads ask, too.
    std::function<bool()> holds_index = [] { return false; };
    /// How long a round is to give way to it before the next look; zero: not at all.
    std::function<std::chrono::milliseconds()> at_work = [] { return std::chrono::milliseconds(0); };
    /// The paths of those that it has overwritten or removed, and whose agreed version it keeps nowhere.
    std::function<std::set<std::string>(const std::vector<Overwritten>&)> has_taken_back =
        [](const std::vector<Overwritten>&) { return std::set<std::string>(); };
};

struct SyncContext {
    SyncContext(store::StoreBody& store_body, const DirectoryOptions& directory_options)
        : store(store_body),
          options(directory_options),
          paths(directory_options.layout),
          types(directory_options.entity_types.begin(), directory_options.entity_types.end()),
          pool(std::clamp(std::thread::hardware_concurrency(), 3u, base::tuning::kMostHelperThreads + 2) - 2),
          missing(base::tuning::kMissingRecheck.count()) {}

    store::StoreBody& store;
    const DirectoryOptions options;
    const codec::PathMap paths;
    const std::set<std::string> types;  ///< Empty: all.
    runtime::HelperPool pool;
    plan::MissingFiles missing;
    /// New files of late: a deletion whose content is among them is a rename, and not for the guard.
    plan::Arrivals arrivals{base::tuning::kRenameMs, base::tuning::kMostArrivals};
    /// Files that cannot be written or removed, as the observers know.
    plan::ToldFailures told_failures{base::tuning::kToldFailures};
    /// The folder, once claimed.
    std::shared_ptr<runtime::Folder> folder;
    /// The path still leads to the folder that was claimed.
    std::function<bool()> root_verified = [] { return true; };
    /// What is mounted below the folder, and what is hidden by it.
    Mounts mounts;
    /// Plain files are tracked (a GitSync is attached).
    bool track_plain_files = false;
    /// Whether git ignores a plain file that is not tracked yet.
    std::function<bool(const std::string&)> ignored = [](const std::string&) { return false; };
    /// Whether a person has marked the path in git's index: skip-worktree, assume-unchanged. Then its file is
    /// theirs alone: see marked_files.hpp.
    std::function<bool(const std::string&)> marked = [](const std::string&) { return false; };
    /// Brings the ledger to where HEAD is now: a round may drop the row of a path that HEAD got since, by a
    /// person's commit or by one that a crash cut short, and its removal would never reach git.
    std::function<void()> follow_head = [] {};
    /// What HEAD has at the path of a row, as the ledger says it.
    std::function<std::optional<base::ObjectId>(const store::LedgerRow&)> committed_at_head =
        [](const store::LedgerRow&) { return std::optional<base::ObjectId>(); };
    /// How a person's attributes of git want the path's texts merged.
    std::function<git::MergeRule(const std::string&)> merge_rule = [](const std::string&) {
        return git::MergeRule::text;
    };
    /// Whether a symbolic link stands at the path as HEAD has it: it is git's and the folder's, and no file.
    std::function<bool(const std::string&)> has_gits_link = [](const std::string&) { return false; };
    PersonsGit persons_git;
    /// Whoever waits for this round has given way to that git long enough.
    bool insists = false;
    /// Versions of paths that were put in place just when a person's git took hold of the index: it may have
    /// looked at the file before, and overwrite it. The last few.
    std::map<std::string, base::ObjectId> exported_beside_git;
    bool gives_way_to_git() const { return !insists && persons_git.holds_index(); }
    /// The bytes of a blob that git may have; for merges whose base the store no longer holds.
    std::function<std::optional<std::string>(const base::ObjectId&)> blob_of_git = [](const base::ObjectId&) {
        return std::optional<std::string>();
    };
    /// What of git's contents cannot be read is held or told, and the rest goes on: see unreadable.hpp.
    bool without_unreadable = false;
    /// Paths in the table of holds, so that a path in order costs no look there.
    std::set<std::string> holds;
    /// Held paths whose file here is older than HEAD's version, which is over the limit: an edit of such a
    /// file goes to git in its place.
    std::set<std::string> outgrown;
    /// Missing files (and rows deleted behind the API's back) that the guard holds.
    std::set<std::string> held_deletions;
    /// The same, as the database and the observers know it.
    std::set<std::string> told_held_deletions;
    /// When (steady ms) and how many deletions went through lately: a large removal arrives in many slices.
    std::deque<std::pair<std::int64_t, plan::DeletionCount>> recent_deletions;
    /// Any thread: close() wants the lane to finish soon. Long loops look at it between batches.
    std::atomic<bool> stopping{false};
    /// Any thread: git wants to close beside the folder, which lives on. The round that runs ends between two
    /// batches; who set this takes it back on the lane, and the next round looks at everything.
    std::atomic<bool> giving_way{false};
    bool cut_short() const { return stopping || giving_way; }

    /// What a path is, entity_types considered: files of other types are plain. So are those whose name has
    /// no key, where git takes them and options.portable_names does not forbid it; their reason is kept.
    codec::Classified classify(const std::string& path) const;
    /// Whether store and folder exchange this type at all.
    bool takes_type(const std::string& type) const { return types.empty() || types.count(type) > 0; }
    void publish(Event event) const { store.hub()->publish(std::move(event)); }
    bool has_observers() const { return store.hub()->has_subscribers(); }
};

/// An event of the given kind about a path and, where it is an entity's, its key.
Event path_event(EventKind kind, const std::string& path, const EntityKey& key = {});

/// Tells how far long work is ("import", "export", "commit", "apply"); short work is not worth an event.
void tell_progress(const SyncContext& context, const char* what, std::int64_t done, std::int64_t total);

}  // namespace fluentsync::sync
