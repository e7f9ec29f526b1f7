#include "sync/export_log.hpp"

#include "base/text.hpp"
#include "store/change_log.hpp"
#include "sync/holds.hpp"

namespace fluentsync::sync {

namespace {

/// Several batches at a time, so that one is recorded while the next is written.
constexpr std::size_t kChanges = 8 * base::tuning::kBatchEntities;

/// A key that no path can be made of (a raw INSERT of somebody's): held until the entity is gone again.
void hold_key(SyncContext& context, const EntityKey& key, const Error& error) {
    const Held held{base::printable(key.type + "/" + key.id), error.code(), error.what(),
                    context.store.clock().wall_ms()};
    context.store.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
        if (store::find_head(writer.connection(), key)) {
            hold_path(context, writer, held);
            return;
        }
        if (const auto change = store::find_change(writer.connection(), key)) {
            store::consume_change(writer.connection(), key, change->seq, std::nullopt);
        }
        release_path(context, writer, held.path);
    });
}

/// Empty when the key cannot become a path.
std::string path_or_hold(SyncContext& context, const EntityKey& key) {
    try {
        return context.paths.to_path(key);
    } catch (const Error& error) {
        hold_key(context, key, error);
        return {};
    }
}

void for_each_key_batch(SyncContext& context,
                        const std::function<void(const std::vector<EntityKey>&)>& visit) {
    std::optional<EntityKey> after;
    while (!context.stopping) {
        std::vector<EntityKey> keys;
        context.store.read([&](store::Connection& connection) {
            keys = store::list_keys(connection, after, base::tuning::kBatchEntities);
        });
        if (keys.empty()) {
            return;
        }
        visit(keys);
        after = keys.back();
    }
}

}  // namespace

void export_pending(SyncContext& context, Settler& settler) {
    std::int64_t after = 0;
    std::int64_t done = 0;
    std::int64_t total = 0;
    context.store.read([&](store::Connection& connection) { total = store::count_changes(connection); });
    while (!context.cut_short()) {
        std::vector<store::Change> changes;
        context.store.read([&](store::Connection& connection) {
            changes = store::pending_changes(connection, after, kChanges);
        });
        if (changes.empty()) {
            return;
        }
        std::vector<std::string> paths;
        for (const store::Change& change : changes) {
            if (!context.takes_type(change.key.type)) {
                continue;
            }
            if (std::string path = path_or_hold(context, change.key); !path.empty()) {
                paths.push_back(std::move(path));
            }
        }
        after = changes.back().seq;
        settler.settle(std::move(paths));
        done += static_cast<std::int64_t>(changes.size());
        tell_progress(context, "export", done, total);
    }
}

void export_everything(SyncContext& context, Settler& settler) {
    for_each_key_batch(context, [&](const std::vector<EntityKey>& keys) {
        std::vector<std::string> paths;
        for (const EntityKey& key : keys) {
            if (context.takes_type(key.type)) {
                if (std::string path = path_or_hold(context, key); !path.empty()) {
                    paths.push_back(std::move(path));
                }
            }
        }
        settler.settle(std::move(paths));
    });
}

void request_export_of_everything(SyncContext& context) {
    for_each_key_batch(context, [&](const std::vector<EntityKey>& keys) {
        context.store.write(Origin::api, store::Durability::relaxed,
                            [&](store::StoreBody::EntityWriter& writer) {
                                for (const EntityKey& key : keys) {
                                    store::request_export(writer.connection(), key);
                                }
                            });
    });
    if (context.stopping) {
        throw Error(ErrorCode::closed, "closed before every entity was noted for its export");
    }
}

}  // namespace fluentsync::sync
