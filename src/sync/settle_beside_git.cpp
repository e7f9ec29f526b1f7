// The part of Settler that meets a person's git, which goes over files before we have committed them.
#include "base/tuning.hpp"
#include "store/entity_table.hpp"
#include "sync/contest.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

namespace {

/// Both sides agreed on it, and HEAD has another, as far as the ledger says; not one that git carries beside
/// it.
bool is_uncommitted(const SettleItem& item) {
    return item.is_entity() && item.base() && !item.row->carried && item.base() != item.row->committed;
}

/// What is in the folder differs from what was agreed on.
bool differs(plan::Verdict verdict) {
    return verdict == plan::Verdict::take_theirs || verdict == plan::Verdict::drop_ours ||
           verdict == plan::Verdict::contend;
}

}  // namespace

/// While a person's git is at work it cannot be told whether it has written the file, nor what HEAD is going
/// to have.
bool Settler::waits_for_git(const SettleItem& item, plan::Verdict verdict) const {
    return differs(verdict) && is_uncommitted(item) && context_.gives_way_to_git();
}

void Settler::note_beside_git(const FileWork& one) {
    auto& exported = context_.exported_beside_git;
    if (!one.beside_git || !one.content) {
        exported.erase(one.item.path);
        return;
    }
    if (exported.size() >= base::tuning::kBatchEntities) {
        exported.clear();
    }
    exported[one.item.path] = one.hash;
}

/// Outside of the transaction, for the answers are looked up in the store, too. What a person's git has taken
/// back in the file a merge would take out of the store's version.
void Settler::ask_git(const std::vector<SettleItem*>& items) {
    find_taken_back(items);
    contests_.clear();
    for (const SettleItem* item : items) {
        if (verdict_of(*item) == plan::Verdict::contend) {
            contests_[item->path] = taken_back_.count(item->path) > 0
                                        ? std::nullopt
                                        : std::optional(context_.merge_rule(item->path));
        }
    }
}

void Settler::find_taken_back(const std::vector<SettleItem*>& items) {
    std::vector<Overwritten> overwritten;
    for (const SettleItem* item : items) {
        if (differs(verdict_of(*item)) && is_uncommitted(*item)) {
            overwritten.push_back({item->path, *item->base(), item->file.hash, item->file.stat.mtime_ns});
        }
    }
    taken_back_ =
        overwritten.empty() ? std::set<std::string>() : context_.persons_git.has_taken_back(overwritten);
    for (const Overwritten& one : overwritten) {
        const auto beside = context_.exported_beside_git.find(one.path);
        if (beside != context_.exported_beside_git.end() && beside->second == one.agreed) {
            taken_back_.insert(one.path);
            context_.exported_beside_git.erase(beside);
        }
    }
}

/// What is in the folder counts; what was there, and no commit has, stays as a conflict's loser.
void Settler::keep_taken_back(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    if (taken_back_.count(item.path) > 0 && item.head) {
        const std::string ours = store::find_content(writer.connection(), item.key()).value_or("");
        record_local_conflict(context_, writer, item, ours, plan::Side::theirs);
    }
}

}  // namespace fluentsync::sync
