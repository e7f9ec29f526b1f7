/// One path on its way through settle(): what is known of each side, and what follows from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fluentsync/status.hpp"
#include "plan/reconcile.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "store/ledger.hpp"
#include "sync/observation.hpp"

namespace fluentsync::sync {

struct SettleItem {
    std::string path;
    codec::Classified classified;
    std::optional<store::LedgerRow> row;
    std::optional<store::EntityHead> head;
    std::optional<store::Change> change;  ///< The entity's row in the change log.
    std::vector<base::ObjectId> passed;   ///< Versions that this change has passed over.
    FileObservation file;

    bool is_entity() const { return classified.kind == codec::PathKind::entity; }
    const EntityKey& key() const { return classified.key; }
    bool deleted_by_api() const {
        return change && change->by_api && change->kind == store::ChangeKind::deleted;
    }
    /// What both sides last agreed on. A row from when entity_types said otherwise of this path is no
    /// agreement.
    std::optional<base::ObjectId> base() const {
        return row && row->entity == is_entity() ? row->base : std::nullopt;
    }
};

/// Whether git takes the file as it is, though it is no content for the store: whole, and held for what is in
/// it. Nothing that is blank takes the place of anything: it has no byte to lose.
bool is_carried(const SyncContext& context, const SettleItem& item);
/// Whether HEAD has the file as it is, or with other line ends.
bool is_at_head(const SettleItem& item);
/// Git carries it, but its name is no entity's: listed as held for as long as it is there.
bool is_nameless(const SettleItem& item);

/// Reads ledger row, entity head and log row (again) in the caller's transaction.
void load_sides(store::Connection& connection, SettleItem& item);

/// The item as the planner sees it.
plan::View view_of(const SettleItem& item);
plan::Verdict verdict_of(const SettleItem& item);

/// Why an item is held: code and reason in one record.
Held hold_of(const SyncContext& context, const SettleItem& item);

/// The row of an item that is_carried().
store::LedgerRow carried_row(const SettleItem& item);

/// The row that says: both sides agree on `base`, and the file looks like `stat` (racy: do not trust that).
store::LedgerRow agreed_row(const SettleItem& item, const std::optional<base::ObjectId>& base,
                            const runtime::FileStat& stat, bool racy);

}  // namespace fluentsync::sync
