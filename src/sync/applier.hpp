/// The body of apply_tree().
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fluentsync/note_merge.hpp"
#include "sync/apply_tree.hpp"
#include "sync/behind.hpp"
#include "sync/file_work.hpp"
#include "sync/git_form.hpp"
#include "sync/ignore_source.hpp"

namespace fluentsync::sync {

/// Why what comes for a path waits whose file system is not mounted.
inline constexpr const char* kHiddenByMount =
    "its file system is not mounted, or another is mounted over it: it waits for that";

/// One path on its way from a tree to the folder.
struct Incoming {
    const git::TreeDelta* delta = nullptr;  ///< Null: nothing is to be done.
    SettleItem item;
    std::optional<base::ObjectId> ours;  ///< What git would have for the file here; nothing: none is here.
    std::string bytes;                   ///< Of the new content, as git has it.
    std::string refused;                 ///< Why it cannot be put here for now.
    bool left_out = false;               ///< A person does not want a file there.
    bool kept = false;                   ///< HEAD lets go of it; the file is the person's own from here on.
};

inline std::optional<base::ObjectId> id_of(const std::optional<git::TreeFile>& file) {
    return file ? std::optional(file->id) : std::nullopt;
}

/// What is there is no content for the store.
inline bool is_no_content(const SettleItem& item) {
    return item.file.state == FileState::invalid ||
           (item.file.state == FileState::content && item.is_entity() && item.file.blank);
}

/// Nor has git it: somebody's unfinished work.
inline bool is_unfinished(const SettleItem& item) {
    const bool carried = item.row && item.row->carried && item.row->carried == item.file.hash;
    return is_no_content(item) && !carried;
}

/// The store has a version that the file has not.
inline bool store_moved(const SettleItem& item) {
    return item.is_entity() && (item.head ? std::optional(item.head->hash) : std::nullopt) != item.base();
}

/// What no file and no commit tells is on the disk before the branch moves.
inline store::Durability durability(bool tells) {
    return tells ? store::Durability::full : store::Durability::relaxed;
}

/// The executable bit three-way: the local one where the commit did not change it.
bool executable_of(const Incoming& incoming);

class Applier {
  public:
    Applier(GitContext& git, const std::vector<git::TreeDelta>& deltas, const std::set<std::string>& let_go)
        : git_(git),
          context_(git.sync),
          let_go_(let_go),
          ignore_rules_(git.repository, ignore_source(git.sync.folder)),
          form_(git, deltas),
          deltas_(deltas) {}

    std::int64_t run();

  private:
    void hold_entries(const std::vector<const git::TreeDelta*>& deltas, bool tells);
    void hold_entry(store::StoreBody::EntityWriter& writer, const git::TreeDelta& delta,
                    const std::string& reason);
    void list_held(store::StoreBody::EntityWriter& writer, const std::string& path,
                   const std::string& reason);
    void fall_behind(store::StoreBody::EntityWriter& writer, const git::TreeDelta& delta,
                     const std::string& reason);
    void forget_behind(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    void catch_up(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    void hold_too_large(const Incoming& incoming, std::uint64_t limit);
    void stop_if_cut_short() const;
    std::size_t apply_batch(std::vector<const git::TreeDelta*> batch);
    std::vector<const git::TreeDelta*> apply_slice(const std::vector<const git::TreeDelta*>& batch,
                                                   std::size_t& next);
    void stay_behind(std::vector<const git::TreeDelta*>& batch);
    bool gives_way_to_link(const git::TreeDelta& delta) const;
    const git::TreeDelta* of_files(const git::TreeDelta& delta, bool removals);
    void take_links_away();
    void make_links();
    std::string make_link(const git::TreeDelta& delta);
    void link_is_settled(store::StoreBody::EntityWriter& writer, const std::string& path);
    bool load(Incoming& incoming);
    bool is_somebodys_draft(const Incoming& incoming) const;
    bool reads_file(const SettleItem& item, std::string& bytes) const;
    bool moved_here(const SettleItem& item) const;
    void look(Incoming& incoming);
    void load_bytes(Incoming& incoming);
    void leave_to_person(Incoming& incoming);
    bool is_own(const std::string& path);
    void keep_own(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    std::string bar_of(const Incoming& incoming);
    void read_refused(SettleItem& item) const;
    std::optional<base::ObjectId> base_of(const Incoming& incoming) const;
    std::optional<base::ObjectId> ours_of(const Incoming& incoming);
    std::string as_git_has(const Incoming& incoming, std::string file);
    void judge(Incoming& incoming, FileWorkList& work, std::vector<Incoming*>& contended,
               std::vector<Incoming*>& settled);
    FileWork write_of(const Incoming& incoming, std::string blob, const base::ObjectId& id);
    bool contend(Incoming& incoming, FileWorkList& work);
    void record_keys(const SettleItem& item, const base::ObjectId& base, const MergedNote& merged);
    void keep_local(store::StoreBody::EntityWriter& writer, const Incoming& incoming);
    void record(store::StoreBody::EntityWriter& writer, const Incoming& incoming, FileWork& work);
    void record_overtaken(store::StoreBody::EntityWriter& writer, const Incoming& incoming);
    void record_invalid(store::StoreBody::EntityWriter& writer, const Incoming& incoming,
                        const FileWork& work, const FileObservation& check);

    GitContext& git_;
    SyncContext& context_;
    const std::set<std::string>& let_go_;
    git::IgnoreRules ignore_rules_;
    GitForm form_;
    const std::vector<git::TreeDelta>& deltas_;
    std::set<std::string> links_;                ///< Paths that get a symbolic link.
    std::deque<git::TreeDelta> gone_for_links_;  ///< Files that give way to one.
    std::int64_t changed_ = 0;
    BehindFiles behind_;
};

}  // namespace fluentsync::sync
