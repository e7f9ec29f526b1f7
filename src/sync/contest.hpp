/// Two versions of one path: merged where that is clean, else one wins and the other becomes a record.
#pragma once

#include <optional>
#include <string>

#include "fluentsync/status.hpp"
#include "git/attributes.hpp"
#include "plan/reconcile.hpp"
#include "sync/context.hpp"
#include "sync/settle_item.hpp"

namespace fluentsync::sync {

/// The bytes that both sides last agreed on, from wherever they are still held.
std::optional<std::string> base_bytes(const SyncContext& context, store::Connection& connection,
                                      const SettleItem& item);

/// The clean three-way merge of store and file, if the policy and `rule` ask for one, there is a base, and
/// the result is valid.
std::optional<std::string> merge_contents(const SyncContext& context, store::Connection& connection,
                                          const SettleItem& item, const std::string& ours,
                                          git::MergeRule rule);

/// A three-way merge, as `rule` has it, whose result may be an entity's content (or any, for a plain file).
std::optional<std::string> merge_valid(std::string_view base, std::string_view ours, std::string_view theirs,
                                       bool entity, git::MergeRule rule);

/// The same of two versions that git has: what comes of an entity's content must be one, what comes of a file
/// that git carries need not.
std::optional<std::string> merge_for_git(std::string_view base, std::string_view ours,
                                         std::string_view theirs, bool entity, git::MergeRule rule);

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
