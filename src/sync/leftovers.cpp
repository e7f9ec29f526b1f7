#include "sync/leftovers.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.hpp"
#include "files/safe_write.hpp"
#include "store/entity_table.hpp"
#include "store/ledger.hpp"

namespace fluentsync::sync {

namespace {

/// By the mark of a path, the contents of it that store and ledger know. Those of another path do not count:
/// who moved a file there has left the other one empty, and its entity goes too.
using Known = std::map<std::string, std::set<base::ObjectId>>;

Known known_contents(const SyncContext& context) {
    Known known;
    context.store.read([&](store::Connection& connection) {
        store::for_each_row(connection, [&](const store::LedgerRow& row) {
            auto& hashes = known[files::mark_of_path(row.path)];
            for (const auto& hash : {row.base, row.carried}) {
                if (hash) {
                    hashes.insert(*hash);
                }
            }
            const codec::Classified classified = context.classify(row.path);
            if (classified.kind != codec::PathKind::entity) {
                return;
            }
            if (const auto head = store::find_head(connection, classified.key)) {
                hashes.insert(head->hash);
            }
        });
    });
    return known;
}

}  // namespace

void clean_leftovers(const SyncContext& context) {
    std::optional<Known> known;  // Gathered only when something was left.
    const auto is_known = [&](const base::ObjectId& hash, const std::string& temporary) {
        if (!known) {
            known = known_contents(context);
        }
        const auto found = known->find(files::mark_of_temporary(temporary));
        return found != known->end() && found->second.count(hash) > 0;
    };
    for (const std::string& kept : files::clean_temporaries(*context.folder, is_known)) {
        tell_rescued(context, {}, kept);
    }
}

void erase_unfit_rows(const SyncContext& context) {
    std::vector<std::string> erased;
    context.store.read([&](store::Connection& connection) { erased = store::unfit_rows(connection); });
    if (erased.empty()) {
        return;
    }
    context.store.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
        for (const std::string& path : erased) {
            store::erase_row(writer.connection(), path);
        }
    });
    for (const std::string& path : erased) {
        Event event = path_event(EventKind::warning, base::printable(path));
        event.message = "the ledger's row of " + event.path + " led out of the folder and is erased";
        context.publish(std::move(event));
    }
}

void tell_rescued(const SyncContext& context, const std::string& path, const std::string& kept) {
    Event event = path_event(EventKind::warning, path.empty() ? kept : path);
    event.message = fmt::format("an edit{}{} lost its place to a later one and is kept at {}: look at it",
                                path.empty() ? "" : " of ", path, kept);
    context.publish(std::move(event));
}

}  // namespace fluentsync::sync
