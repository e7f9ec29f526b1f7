/// Two versions of one path: merged where that is clean, else one wins and the other becomes a record.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fluentsync/note_merge.hpp"
#include "fluentsync/status.hpp"
#include "git/attributes.hpp"
#include "plan/reconcile.hpp"
#include "sync/context.hpp"
#include "sync/settle_item.hpp"

namespace fluentsync::sync {

/// The bytes that both sides last agreed on, from wherever they are still held.
std::optional<std::string> base_bytes(const SyncContext& context, store::Connection& connection,
                                      const SettleItem& item);

/// The three-way merge of store and file, if the policy and `rule` ask for one, there is a base, and
/// the result is valid.
std::optional<MergedNote> merge_contents(const SyncContext& context, store::Connection& connection,
                                         const SettleItem& item, const std::string& ours,
                                         git::MergeRule rule);

/// The three-way merge of two versions that git has, as `rule` has it. An entity's is one of notes, and what
/// comes of two valid contents is one; what comes of a file that git carries need not be.
std::optional<MergedNote> merge_for_git(const SyncContext& context, const codec::Classified& what,
                                        std::string_view base, std::string_view ours, std::string_view theirs,
                                        git::MergeRule rule);

/// The records of the keys that a merge left in conflict. `about` has what they share: path, key, base; sides
/// as they are called here.
struct MergeSides {
    std::string ours;
    std::string theirs;
};
std::vector<Conflict> key_conflicts(const MergedNote& merged, const Conflict& about, const MergeSides& sides);

plan::Side pick_local_winner(const SyncContext& context, const SettleItem& item);

plan::Preference preference_of(RemoteConflictPolicy policy);

struct ContestVersion {
    base::ObjectId hash;
    std::string content;
};

/// The record of local against remote.
Conflict remote_conflict(const std::string& path, const EntityKey& key,
                         const std::optional<base::ObjectId>& base, const ContestVersion& local,
                         const ContestVersion& remote, plan::Side winner);

/// Writes a record and tells it, unless the same contest has an open record already (a pull done again after
/// a crash). Takes all fields of `conflict` but number and created.
void tell_conflict(const SyncContext& context, store::StoreBody::EntityWriter& writer, Conflict conflict);

/// The record of store against file, or of the store's version whose file is gone.
void record_local_conflict(const SyncContext& context, store::StoreBody::EntityWriter& writer,
                           const SettleItem& item, const std::string& ours, plan::Side winner);

}  // namespace fluentsync::sync
