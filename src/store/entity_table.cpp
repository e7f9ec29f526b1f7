#include "store/entity_table.hpp"

#include <fmt/format.h>

#include "fluentsync/error.hpp"
#include "store/entity_row.hpp"
#include "store/prepared_content.hpp"
#include "store/text_keys.hpp"

namespace fluentsync::store {
namespace {

// Rows healed between two looks at the next keys.
constexpr std::int64_t kHealBatch = 500;

struct Found {
    std::int64_t key = 0;
    EntityHead head;
};

void bind_key(SQLite::Statement& statement, const EntityKey& key) {
    statement.bindNoCopy(1, key.type);
    statement.bindNoCopy(2, key.id);
}

std::optional<Found> find(Connection& connection, const EntityKey& key) {
    auto statement = connection.prepare(
        "SELECT key, version, updated, hash, metadata IS NOT NULL AND metadata <> '{}', "
        "CASE WHEN hash IS NULL THEN content END FROM entities "
        "WHERE type = ?1 AND id = ?2");
    bind_key(*statement, key);
    if (!statement->executeStep()) return std::nullopt;
    Found found;
    found.key = column_int(*statement, 0);
    found.head.version = column_int(*statement, 1);
    found.head.updated = column_int(*statement, 2);
    const auto hash = column_hash(*statement, 3);
    found.head.parsed = hash && column_int(*statement, 4) != 0;
    found.head.hash = hash ? *hash : base::hash_blob(column_text(*statement, 5));
    return found;
}

void expect_version(const EntityKey& key, const std::optional<Found>& found,
                    const std::optional<std::int64_t>& expected) {
    if (!expected) return;
    const std::int64_t version = found ? found->head.version : 0;
    if (version == *expected) return;
    throw Error(ErrorCode::version_mismatch,
                fmt::format("{}: version {} was expected, the store has {}; read it again", key_text(key),
                            *expected, version));
}

// What an entity of this key begins with: 1, or what follows the last version of the one before.
std::int64_t first_version(Connection& connection, const EntityKey& key) {
    auto statement = connection.prepare("SELECT version FROM version_floors WHERE type = ?1 AND id = ?2");
    bind_key(*statement, key);
    return statement->executeStep() ? column_int(*statement, 0) + 1 : 1;
}

// Version 0 says that hash and metadata are right; triggers make it first_version().
void insert(Connection& connection, const EntityRow& row, std::int64_t now_ms) {
    auto statement = connection.prepare(
        "INSERT OR ROLLBACK INTO entities(type, id, version, created, updated, hash, metadata, content) "
        "VALUES(?1, ?2, 0, ?3, ?3, ?4, CAST(?5 AS TEXT), CAST(?6 AS TEXT))");
    bind_key(*statement, row.key);
    statement->bind(3, now_ms);
    bind_hash(*statement, 4, row.hash);
    bind_bytes(*statement, 5, row.metadata);
    bind_bytes(*statement, 6, row.content);
    statement->exec();
}

void update(Connection& connection, const EntityRow& row, std::int64_t key, std::int64_t version,
            std::int64_t now_ms) {
    auto statement = connection.prepare(
        "UPDATE OR ROLLBACK entities SET version = ?2, updated = ?3, hash = ?4, metadata = CAST(?5 AS TEXT), "
        "content = CAST(?6 AS TEXT) WHERE key = ?1");
    statement->bind(1, key);
    statement->bind(2, version);
    statement->bind(3, now_ms);
    bind_hash(*statement, 4, row.hash);
    bind_bytes(*statement, 5, row.metadata);
    bind_bytes(*statement, 6, row.content);
    statement->exec();
}

std::vector<std::int64_t> keys_to_heal(Connection& connection) {
    auto statement = connection.prepare(
        "SELECT key FROM entities INDEXED BY entities_to_heal WHERE hash IS NULL OR metadata IS NULL LIMIT "
        "?1");
    statement->bind(1, kHealBatch);
    std::vector<std::int64_t> keys;
    while (statement->executeStep())
        keys.push_back(column_int(*statement, 0));
    return keys;
}

void heal_row(Connection& connection, std::int64_t key) {
    std::string content;
    {
        auto statement = connection.prepare("SELECT content FROM entities WHERE key = ?1");
        statement->bind(1, key);
        if (statement->executeStep()) content = column_text(*statement, 0);
    }
    const std::string metadata = metadata_or_empty(content);
    auto statement =
        connection.prepare("UPDATE entities SET hash = ?2, metadata = CAST(?3 AS TEXT) WHERE key = ?1");
    statement->bind(1, key);
    bind_hash(*statement, 2, base::hash_blob(content));
    bind_bytes(*statement, 3, metadata);
    statement->exec();
}

}  // namespace

std::optional<EntityHead> find_head(Connection& connection, const EntityKey& key) {
    const auto found = find(connection, key);
    return found ? std::optional(found->head) : std::nullopt;
}

std::optional<std::string> find_content(Connection& connection, const EntityKey& key) {
    auto statement = connection.prepare("SELECT content FROM entities WHERE type = ?1 AND id = ?2");
    bind_key(*statement, key);
    if (!statement->executeStep()) return std::nullopt;
    return column_text(*statement, 0);
}

std::optional<Entity> find_entity(Connection& connection, const EntityKey& key) {
    auto statement =
        connection.prepare("SELECT " FLUENTSYNC_ENTITY_COLUMNS " FROM entities WHERE type = ?1 AND id = ?2");
    bind_key(*statement, key);
    if (!statement->executeStep()) return std::nullopt;
    return read_entity(*statement, true);
}

bool has_spoiled_metadata(Connection& connection, const EntityKey& key) {
    auto statement =
        connection.prepare("SELECT 1 FROM entities WHERE type = ?1 AND id = ?2 AND json_valid(metadata) = 0");
    bind_key(*statement, key);
    return statement->executeStep();
}

PutResult put_entity(Connection& connection, const EntityRow& row,
                     std::optional<std::int64_t> expected_version, std::int64_t now_ms) {
    const auto found = find(connection, row.key);
    expect_version(row.key, found, expected_version);
    if (!found) {
        insert(connection, row, now_ms);
        return {.changed = true, .created = true, .version = first_version(connection, row.key)};
    }
    const std::int64_t version = found->head.version;
    if (found->head.hash == row.hash) return {.changed = false, .created = false, .version = version};
    update(connection, row, found->key, version + 1, now_ms);
    return {.changed = true, .created = false, .version = version + 1};
}

bool erase_entity(Connection& connection, const EntityKey& key,
                  std::optional<std::int64_t> expected_version) {
    if (expected_version) expect_version(key, find(connection, key), expected_version);
    auto statement = connection.prepare("DELETE FROM entities WHERE type = ?1 AND id = ?2");
    bind_key(*statement, key);
    return statement->exec() > 0;
}

std::int64_t heal(Connection& connection) {
    std::int64_t healed = 0;
    while (true) {
        const auto keys = keys_to_heal(connection);
        if (keys.empty()) return healed;
        for (const std::int64_t key : keys)
            heal_row(connection, key);
        healed += static_cast<std::int64_t>(keys.size());
    }
}

bool needs_healing(Connection& connection) {
    return !keys_to_heal(connection).empty() || has_blob_keys(connection);
}

std::vector<EntityKey> list_keys(Connection& connection, const std::optional<EntityKey>& after,
                                 std::size_t limit) {
    auto statement = connection.prepare(
        "SELECT type, id FROM entities WHERE (type, id) > (?1, ?2) AND typeof(type) = 'text' "
        "AND typeof(id) = 'text' ORDER BY type, id LIMIT ?3");
    // A BLOB is beyond every text, so a walk would come to it again and again; make_keys_text() sees to it.
    // No key has an empty type, so "" comes before all; a raw row that has one is no entity we can name.
    const EntityKey first = after.value_or(EntityKey{});
    bind_key(*statement, first);
    statement->bind(3, static_cast<std::int64_t>(limit));
    std::vector<EntityKey> keys;
    while (statement->executeStep())
        keys.push_back({column_text(*statement, 0), column_text(*statement, 1)});
    return keys;
}

}  // namespace fluentsync::store
