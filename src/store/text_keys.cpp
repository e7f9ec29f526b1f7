#include "store/text_keys.hpp"

#include <optional>
#include <string>

#include "base/object_id.hpp"
#include "store/entity_table.hpp"
#include "store/prepared_content.hpp"
#include "store/records.hpp"

namespace fluentsync::store {
namespace {

// The rows of `table` whose key has a BLOB. BLOBs come behind all texts, so a step from type to type over the
// index finds them without a look at every row.
#define FLUENTSYNC_BLOB_ROWS(rowid, table)                                    \
    "WITH RECURSIVE step(type) AS (SELECT min(type) FROM " table              \
    " UNION ALL SELECT (SELECT min(t.type) FROM " table                       \
    " AS t WHERE t.type > step.type) FROM step WHERE step.type IS NOT NULL) " \
    "SELECT t." rowid " FROM step CROSS JOIN " table                          \
    " AS t ON t.type = step.type AND t.id >= x'' "                            \
    "UNION SELECT " rowid " FROM " table " WHERE type >= x''"

std::vector<std::int64_t> numbers(Connection& connection, const char* sql) {
    auto statement = connection.prepare(sql);
    std::vector<std::int64_t> found;
    while (statement->executeStep())
        found.push_back(column_int(*statement, 0));
    return found;
}

std::vector<std::int64_t> blob_entities(Connection& connection) {
    return numbers(connection, FLUENTSYNC_BLOB_ROWS("key", "entities"));
}

void execute_for(Connection& connection, const char* sql, std::int64_t number) {
    auto statement = connection.prepare(sql);
    statement->bind(1, number);
    statement->exec();
}

struct BlobRow {
    EntityKey key;
    std::string content;
};

BlobRow read_row(Connection& connection, std::int64_t number) {
    auto statement = connection.prepare("SELECT type, id, content FROM entities WHERE key = ?1");
    statement->bind(1, number);
    statement->executeStep();
    return {{column_text(*statement, 0), column_text(*statement, 1)}, column_text(*statement, 2)};
}

// The row that is found by its key stays in place: all else knows of that one alone.
Conflict conflict_of(const BlobRow& row, const std::string& twin, std::int64_t now_ms) {
    Conflict conflict;
    conflict.path = key_text(row.key);
    conflict.type = row.key.type;
    conflict.id = row.key.id;
    conflict.winner_side = conflict.loser_side = "store";
    conflict.winner_hash = base::hash_blob(twin).hex();
    conflict.loser_hash = base::hash_blob(row.content).hex();
    conflict.winner_content = twin;
    conflict.loser_content = row.content;
    conflict.created = now_ms;
    return conflict;
}

std::optional<Conflict> make_row_text(Connection& connection, std::int64_t number, std::int64_t now_ms) {
    const BlobRow row = read_row(connection, number);
    const auto twin = find_content(connection, row.key);
    if (!twin) {
        execute_for(connection,
                    "UPDATE entities SET type = CAST(type AS TEXT), id = CAST(id AS TEXT) WHERE key = ?1",
                    number);
        return std::nullopt;
    }
    execute_for(connection, "DELETE FROM entities WHERE key = ?1", number);
    if (*twin == row.content) return std::nullopt;
    Conflict conflict = conflict_of(row, *twin, now_ms);
    conflict.number = add_conflict(connection, conflict);
    return conflict;
}

// No path ever was such a key's: there is nothing to export, or to remove.
void drop_log_row(Connection& connection, std::int64_t seq) {
    execute_for(
        connection,
        "DELETE FROM base_contents WHERE (type, id) = (SELECT type, id FROM change_log WHERE seq = ?1)", seq);
    execute_for(connection,
                "DELETE FROM passed_versions WHERE (type, id) = (SELECT type, id FROM change_log WHERE seq = "
                "?1)",
                seq);
    execute_for(connection, "DELETE FROM change_log WHERE seq = ?1", seq);
}

}  // namespace

bool has_blob_keys(Connection& connection) {
    return !blob_entities(connection).empty() ||
           !numbers(connection, FLUENTSYNC_BLOB_ROWS("seq", "change_log")).empty();
}

std::vector<Conflict> make_keys_text(Connection& connection, std::int64_t now_ms) {
    std::vector<Conflict> conflicts;
    for (const std::int64_t number : blob_entities(connection)) {
        if (auto conflict = make_row_text(connection, number, now_ms)) conflicts.push_back(*conflict);
    }
    for (const std::int64_t seq : numbers(connection, FLUENTSYNC_BLOB_ROWS("seq", "change_log")))
        drop_log_row(connection, seq);
    return conflicts;
}

}  // namespace fluentsync::store
