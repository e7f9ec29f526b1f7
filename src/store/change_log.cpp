#include "store/change_log.hpp"

#include "store/entity_table.hpp"

namespace fluentsync::store {
namespace {

// Of a hash in passed_versions.
constexpr std::size_t kHexDigits = 40;

struct LogRow {
    std::int64_t seq = 0;
    std::string kind;
    bool by_api = false;
};

std::optional<LogRow> find_log_row(Connection& connection, const EntityKey& key) {
    auto statement =
        connection.prepare("SELECT seq, kind, by_api FROM change_log WHERE type = ?1 AND id = ?2");
    statement->bindNoCopy(1, key.type);
    statement->bindNoCopy(2, key.id);
    if (!statement->executeStep()) return std::nullopt;
    return LogRow{column_int(*statement, 0), column_text(*statement, 1), column_int(*statement, 2) != 0};
}

void execute_for(Connection& connection, std::string_view sql, const EntityKey& key) {
    auto statement = connection.prepare(sql);
    statement->bindNoCopy(1, key.type);
    statement->bindNoCopy(2, key.id);
    statement->exec();
}

void drop_base_content(Connection& connection, const EntityKey& key) {
    execute_for(connection, "DELETE FROM base_contents WHERE type = ?1 AND id = ?2", key);
}

// The file holds what was agreed upon now: no earlier version is in it.
void drop_passed(Connection& connection, const EntityKey& key) {
    execute_for(connection, "DELETE FROM passed_versions WHERE type = ?1 AND id = ?2", key);
}

// A row that stood for no change now has a base of its own.
void mark_moved_on(Connection& connection, const EntityKey& key) {
    execute_for(connection, "UPDATE change_log SET kind = 'u' WHERE type = ?1 AND id = ?2 AND kind = 'r'",
                key);
}

ChangeKind kind_of(const std::string& kind) {
    if (kind == "c") return ChangeKind::created;
    return kind == "d" ? ChangeKind::deleted : ChangeKind::updated;
}

}  // namespace

std::vector<Change> pending_changes(Connection& connection, std::int64_t after_seq, std::size_t limit) {
    auto statement = connection.prepare(
        "SELECT seq, type, id, kind, by_api FROM change_log WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    statement->bind(1, after_seq);
    statement->bind(2, static_cast<std::int64_t>(limit));
    std::vector<Change> changes;
    while (statement->executeStep()) {
        Change change;
        change.seq = column_int(*statement, 0);
        change.key = {column_text(*statement, 1), column_text(*statement, 2)};
        change.kind = kind_of(column_text(*statement, 3));
        change.by_api = column_int(*statement, 4) != 0;
        changes.push_back(std::move(change));
    }
    return changes;
}

std::int64_t count_changes(Connection& connection) {
    auto statement = connection.prepare("SELECT count(*) FROM change_log");
    statement->executeStep();
    return column_int(*statement, 0);
}

std::optional<Change> find_change(Connection& connection, const EntityKey& key) {
    const auto row = find_log_row(connection, key);
    if (!row) return std::nullopt;
    return Change{row->seq, key, kind_of(row->kind), row->by_api};
}

std::int64_t last_seq(Connection& connection) {
    auto statement = connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'change_log'");
    return statement->executeStep() ? column_int(*statement, 0) : 0;
}

void mark_api_deletions(Connection& connection, std::int64_t after_seq) {
    auto statement =
        connection.prepare("UPDATE change_log SET by_api = 1 WHERE seq > ?1 AND kind = 'd' AND by_api = 0");
    statement->bind(1, after_seq);
    statement->exec();
}

void consume_change(Connection& connection, const EntityKey& key, std::int64_t seq,
                    std::optional<std::string_view> agreed) {
    const auto row = find_log_row(connection, key);
    if (row && row->seq > seq) {
        if (agreed) return set_base_content(connection, key, *agreed);
        drop_base_content(connection, key);
        drop_passed(connection, key);
        return mark_moved_on(connection, key);
    }
    drop_base_content(connection, key);
    if (!row) return;
    drop_passed(connection, key);
    execute_for(connection, "DELETE FROM change_log WHERE type = ?1 AND id = ?2", key);
}

std::vector<base::ObjectId> passed_versions(Connection& connection, const EntityKey& key) {
    auto statement = connection.prepare("SELECT hashes FROM passed_versions WHERE type = ?1 AND id = ?2");
    statement->bindNoCopy(1, key.type);
    statement->bindNoCopy(2, key.id);
    std::vector<base::ObjectId> versions;
    if (!statement->executeStep()) return versions;
    const std::string hashes = column_text(*statement, 0);
    for (std::size_t at = 0; at < hashes.size(); at += kHexDigits) {
        if (const auto hash = base::ObjectId::from_hex(hashes.substr(at, kHexDigits)))
            versions.push_back(*hash);
    }
    return versions;
}

void forget_passed_versions(Connection& connection) {
    connection.raw().exec("DELETE FROM passed_versions");
}

void request_export(Connection& connection, const EntityKey& key) {
    const auto row = find_log_row(connection, key);
    if (row) execute_for(connection, "DELETE FROM change_log WHERE type = ?1 AND id = ?2", key);
    auto statement =
        connection.prepare("INSERT INTO change_log(type, id, kind, by_api) VALUES(?1, ?2, ?3, ?4)");
    statement->bindNoCopy(1, key.type);
    statement->bindNoCopy(2, key.id);
    statement->bind(3, row ? row->kind : std::string("r"));
    statement->bind(4, row && row->by_api ? 1 : 0);
    statement->exec();
}

std::optional<std::string> base_content(Connection& connection, const EntityKey& key) {
    const auto row = find_log_row(connection, key);
    if (!row || row->kind == "r") return find_content(connection, key);
    auto statement = connection.prepare("SELECT content FROM base_contents WHERE type = ?1 AND id = ?2");
    statement->bindNoCopy(1, key.type);
    statement->bindNoCopy(2, key.id);
    if (!statement->executeStep()) return std::nullopt;
    return column_text(*statement, 0);
}

void set_base_content(Connection& connection, const EntityKey& key, std::string_view content) {
    {
        auto statement = connection.prepare(
            "INSERT INTO base_contents(type, id, content) VALUES(?1, ?2, CAST(?3 AS TEXT)) "
            "ON CONFLICT(type, id) DO UPDATE SET content = excluded.content");
        statement->bindNoCopy(1, key.type);
        statement->bindNoCopy(2, key.id);
        bind_bytes(*statement, 3, content);
        statement->exec();
    }
    drop_passed(connection, key);
    mark_moved_on(connection, key);
}

}  // namespace fluentsync::store
