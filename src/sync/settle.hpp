/// Brings store and file together for a set of paths: the one routine behind export, import and rescan.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/context.hpp"
#include "sync/file_work.hpp"
#include "sync/settle_item.hpp"

namespace fluentsync::sync {

struct SettleReport {
    std::int64_t exported = 0;
    std::int64_t removed = 0;
    std::int64_t imported = 0;
    std::int64_t deleted = 0;
    std::int64_t plain = 0;  ///< Other paths whose agreed content changed: plain files, or both sides gone.
    std::int64_t back = 0;   ///< Files that were missing, and no commit has had: the next one takes them.
    /// Look at these again soon: they were being written, or changed while they were handled.
    std::vector<std::string> again;

    /// Writes or removals that failed (no space, no permission): to be tried again after a pause.
    std::vector<std::string> failed;
    ErrorCode last_code = ErrorCode::ok;
    std::string last_error;

    /// The ledger's agreed contents moved: there may be something to commit.
    bool anything() const { return exported + removed + imported + deleted + plain + back > 0; }
};

/// Local lane only. settle() any number of times, then finish() once: deletions are judged there, all
/// together.
class Settler {
  public:
    explicit Settler(SyncContext& context) : context_(context) {}
    Settler(const Settler&) = delete;
    Settler& operator=(const Settler&) = delete;

    /// Handles the paths in bounded batches. Paths may repeat. When the context is stopping it begins with no
    /// further batch; what has been looked at is carried out. With `what` it tells its progress by that name.
    void settle(std::vector<std::string> paths, const char* what = nullptr);
    /// Confirms deletions: seen missing twice, root verified, within the guard (or confirmed by a person).
    void finish();
    SettleReport& report() { return report_; }

  private:
    void settle_batch(const std::vector<std::string>& paths);
    using Stats = std::vector<std::optional<runtime::FileStat>>;
    Stats look_at(const std::vector<SettleItem>& items);
    void observe_slice(std::vector<SettleItem> slice, const Stats& stats);
    struct Judged;
    void judge_observed(Judged& judged);
    void judge(SettleItem& item, Judged& judged);
    void judge_missing(const SettleItem& item);
    bool left_to_git(const SettleItem& item) const;
    bool is_new_here(const SettleItem& item) const;
    void regard_folder(SettleItem& item) const;
    void regard_link(SettleItem& item) const;
    bool leaves_alone(const SettleItem& item);
    void add_exports(const std::vector<const SettleItem*>& items, FileWorkList& work);
    void add_export(store::Connection& connection, const SettleItem& item, FileWorkList& work);
    void run_file_work(FileWorkList& work);
    void record_written();
    void record_file_work(store::StoreBody::EntityWriter& writer, const FileWork& one);
    void count_file_work(const FileWork& one);
    void record_failed(const FileWork& one);

    bool waits_for_git(const SettleItem& item, plan::Verdict verdict) const;
    void note_beside_git(const FileWork& one);
    void ask_git(const std::vector<SettleItem*>& items);
    void find_taken_back(const std::vector<SettleItem*>& items);
    void keep_taken_back(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    void apply_to_store(std::vector<SettleItem*>& items, FileWorkList& work);
    void apply_one(store::StoreBody::EntityWriter& writer, SettleItem& item, FileWorkList& work);
    bool know_head(SettleItem& item) const;
    void hold(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    void agree(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    void import_file(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    store::LedgerRow absent_row(const SettleItem& item) const;
    void forget(store::StoreBody::EntityWriter& writer, const SettleItem& item);
    bool still_there(const SettleItem& item) const;
    void contend(store::StoreBody::EntityWriter& writer, SettleItem& item, FileWorkList& work);
    void export_over_file(store::StoreBody::EntityWriter& writer, SettleItem& item, FileWorkList& work);

    void leave_out_what_moved_on();
    struct Removals {
        std::vector<SettleItem> missing;
        std::vector<SettleItem> raw;
    };
    Removals take_unless(const std::function<bool(const std::string&)>& stays);
    void let_go(const std::set<std::string>& confirmed);
    bool guard_holds();
    void hold_deletions();
    plan::DeletionCount delete_entities();
    plan::DeletionCount remove_raw();
    void record_held_deletions(bool confirmed);

    SyncContext& context_;
    SettleReport report_;
    bool contest_is_durable_ = false;   ///< A conflict's record is on the disk before the file is replaced.
    std::vector<SettleItem> observed_;  ///< Their files were looked at; nothing has come of it yet.
    /// By path, those among them in which both sides have changed, and how they are merged; nothing: not at
    /// all.
    std::map<std::string, std::optional<git::MergeRule>> contests_;
    std::set<std::string> taken_back_;      ///< Of those that are applied to the store now.
    FileWorkList written_;                  ///< Carried out, not yet recorded in the ledger.
    std::set<std::string> failed_;          ///< The paths of the report's: each is tried once a round.
    std::vector<SettleItem> missing_;       ///< Seen missing twice: their entities may go.
    std::vector<SettleItem> raw_removals_;  ///< Rows deleted behind the API's back: their files may go.
};

/// Drops the log row of an entity on whose present state both sides agree.
void consume_all(store::Connection& connection, const SettleItem& item);

}  // namespace fluentsync::sync
