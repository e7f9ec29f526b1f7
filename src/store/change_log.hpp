/// What the exporter has still to look at, fed by SQL triggers so that every process and every raw statement
/// counts.
///
/// One row an entity, the newest change only (so the log is bounded by the number of entities): an older row
/// is replaced and the new one gets a higher seq. When an entity changes that has no row, the trigger copies
/// its old content aside as its base content: the bytes that store and file last agreed on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.hpp"
#include "fluentsync/entity.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

enum class ChangeKind : char { created = 'c', updated = 'u', deleted = 'd' };

struct Change {
    std::int64_t seq = 0;
    EntityKey key;
    ChangeKind kind = ChangeKind::updated;
    bool by_api = false;  ///< False: a raw SQL statement of somebody's. Only kept right for deletions.
};

/// Rows in order of seq, beginning after `after_seq`.
std::vector<Change> pending_changes(Connection& connection, std::int64_t after_seq, std::size_t limit);
std::int64_t count_changes(Connection& connection);
std::optional<Change> find_change(Connection& connection, const EntityKey& key);
/// The highest seq ever given.
std::int64_t last_seq(Connection& connection);
/// Marks the deletions logged after `after_seq` as made through the API.
void mark_api_deletions(Connection& connection, std::int64_t after_seq);

/// Both sides agree on `agreed` (the bytes; empty optional: agreed on absence) for the change up to `seq`.
/// Drops the row and the base content if no newer change came; else the base content becomes `agreed`.
void consume_change(Connection& connection, const EntityKey& key, std::int64_t seq,
                    std::optional<std::string_view> agreed);
/// Adds or renews the key's row without a change, so that the exporter looks at it.
void request_export(Connection& connection, const EntityKey& key);

/// Versions that the key's pending change has passed over (the last few, oldest first): an export may have
/// put one of them in the file without having told.
std::vector<base::ObjectId> passed_versions(Connection& connection, const EntityKey& key);
/// Of all keys: they were exported to another folder, if at all.
void forget_passed_versions(Connection& connection);

/// The bytes store and file last agreed on: the copy put aside, or the entity's own content when it has no
/// row. Nothing where there is neither.
std::optional<std::string> base_content(Connection& connection, const EntityKey& key);
/// Sets the copy (the key must have a row in the log).
void set_base_content(Connection& connection, const EntityKey& key, std::string_view content);

}  // namespace fluentsync::store
