/// The entities themselves, inside a transaction of the caller's.
///
/// A raw UPDATE or INSERT by another program leaves `hash` and `metadata` NULL (a trigger sees to it, and
/// bumps version and updated): readers then compute both from the content, and heal() writes them.
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

struct EntityHead {
    base::ObjectId hash;
    std::int64_t version = 0;
    std::int64_t updated = 0;
    bool parsed = false;  ///< It has front matter, which parsed when the row was written or healed.
};

/// Without the content (unless the hash is NULL and has to be computed).
std::optional<EntityHead> find_head(Connection& connection, const EntityKey& key);
std::optional<std::string> find_content(Connection& connection, const EntityKey& key);
std::optional<Entity> find_entity(Connection& connection, const EntityKey& key);
/// Whether the row's metadata is no JSON: find_entity() gives that of the content in its place.
bool has_spoiled_metadata(Connection& connection, const EntityKey& key);

/// What put_entity() writes; hash and metadata are the caller's, computed outside the transaction.
struct EntityRow {
    EntityKey key;
    std::string_view content;
    base::ObjectId hash;
    std::string_view metadata;
};

/// Writes unless the content is already there. Version and times are set here. The triggers feed change log
/// and base contents. Throws version_mismatch.
PutResult put_entity(Connection& connection, const EntityRow& row,
                     std::optional<std::int64_t> expected_version, std::int64_t now_ms);
bool erase_entity(Connection& connection, const EntityKey& key, std::optional<std::int64_t> expected_version);

/// Fills NULL hashes and metadata left by other programs. Content that has no valid metadata gets "{}".
/// Returns rows.
std::int64_t heal(Connection& connection);
/// Whether there are such rows, or keys for make_keys_text().
bool needs_healing(Connection& connection);

std::vector<Entity> list_entities(Connection& connection, const Query& query);
std::int64_t count_entities(Connection& connection, const Query& query);
std::vector<std::string> list_types(Connection& connection);

/// Keys in order (type, id), `after` exclusive; for walks over everything in batches.
std::vector<EntityKey> list_keys(Connection& connection, const std::optional<EntityKey>& after,
                                 std::size_t limit);

}  // namespace fluentsync::store
