#include "sync/leftovers.hpp"

#include <fmt/format.h>

#include <set>

#include "files/safe_write.hpp"
#include "store/entity_table.hpp"
#include "store/ledger.hpp"

namespace fluentsync::sync {

namespace {

using Hashes = std::set<base::ObjectId>;

/// Every content that store or ledger knows.
Hashes known_contents(const SyncContext& context) {
    Hashes known;
    context.store.read([&](store::Connection& connection) {
        store::for_each_row(connection, [&](const store::LedgerRow& row) { known.insert(*row.base); });
        std::optional<EntityKey> after;
        for (;;) {
            const auto keys = store::list_keys(connection, after, base::tuning::kBatchEntities);
            for (const EntityKey& key : keys) {
                if (const auto head = store::find_head(connection, key)) {
                    known.insert(head->hash);
                }
            }
            if (keys.empty()) {
                return;
            }
            after = keys.back();
        }
    });
    return known;
}

}  // namespace

void clean_leftovers(const SyncContext& context) {
    std::optional<Hashes> known;  // Gathered only when something was left.
    const auto is_known = [&](const base::ObjectId& hash, const std::string&) {
        if (!known) {
            known = known_contents(context);
        }
        return known->count(hash) > 0;
    };
    for (const std::string& kept : files::clean_temporaries(*context.folder, is_known)) {
        tell_rescued(context, {}, kept);
    }
}

void tell_rescued(const SyncContext& context, const std::string& path, const std::string& kept) {
    Event event = path_event(EventKind::warning, path.empty() ? kept : path);
    event.message = fmt::format("an edit{}{} lost its place to a later one and is kept at {}: look at it",
                                path.empty() ? "" : " of ", path, kept);
    context.publish(std::move(event));
}

}  // namespace fluentsync::sync
