#include "store/records.hpp"

namespace fluentsync::store {
namespace {

Held read_hold(SQLite::Statement& statement) {
    Held held;
    held.path = column_text(statement, 0);
    held.code = static_cast<ErrorCode>(column_int(statement, 1));
    held.reason = column_text(statement, 2);
    held.since = column_int(statement, 3);
    held.carried = column_int(statement, 4) != 0;
    return held;
}

Conflict read_conflict(SQLite::Statement& statement) {
    Conflict conflict;
    conflict.number = column_int(statement, 0);
    conflict.path = column_text(statement, 1);
    conflict.type = column_text(statement, 2);
    conflict.id = column_text(statement, 3);
    conflict.winner_side = column_text(statement, 4);
    conflict.loser_side = column_text(statement, 5);
    conflict.base_hash = column_text(statement, 6);
    conflict.winner_hash = column_text(statement, 7);
    conflict.loser_hash = column_text(statement, 8);
    conflict.created = column_int(statement, 9);
    conflict.resolved = column_int(statement, 10) != 0;
    conflict.winner_content = column_text(statement, 11);
    conflict.loser_content = column_text(statement, 12);
    conflict.key = column_text(statement, 13);
    return conflict;
}

}  // namespace

bool save_hold(Connection& connection, const Held& held) {
    auto statement = connection.prepare(
        "INSERT INTO holds(path, code, reason, since, carried) VALUES(?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(path) DO UPDATE SET code = excluded.code, reason = excluded.reason, "
        "since = excluded.since, carried = excluded.carried "
        "WHERE (code, reason, carried) IS NOT (excluded.code, excluded.reason, excluded.carried)");
    statement->bindNoCopy(1, held.path);
    statement->bind(2, static_cast<int>(held.code));
    statement->bindNoCopy(3, held.reason);
    statement->bind(4, held.since);
    statement->bind(5, held.carried ? 1 : 0);
    return statement->exec() > 0;
}

bool clear_hold(Connection& connection, const std::string& path) {
    auto statement = connection.prepare("DELETE FROM holds WHERE path = ?1");
    statement->bindNoCopy(1, path);
    return statement->exec() > 0;
}

std::optional<Held> find_hold(Connection& connection, const std::string& path) {
    auto statement =
        connection.prepare("SELECT path, code, reason, since, carried FROM holds WHERE path = ?1");
    statement->bindNoCopy(1, path);
    if (!statement->executeStep()) return std::nullopt;
    return read_hold(*statement);
}

std::vector<Held> list_holds(Connection& connection) {
    auto statement = connection.prepare("SELECT path, code, reason, since, carried FROM holds ORDER BY path");
    std::vector<Held> holds;
    while (statement->executeStep())
        holds.push_back(read_hold(*statement));
    return holds;
}

std::int64_t add_conflict(Connection& connection, const Conflict& conflict) {
    auto statement = connection.prepare(
        "INSERT INTO conflicts(path, type, id, winner_side, loser_side, base_hash, winner_hash, loser_hash, "
        "created, resolved, winner_content, loser_content, key) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
        "?10, "
        "CAST(?11 AS TEXT), CAST(?12 AS TEXT), ?13)");
    statement->bindNoCopy(1, conflict.path);
    statement->bindNoCopy(2, conflict.type);
    statement->bindNoCopy(3, conflict.id);
    statement->bindNoCopy(4, conflict.winner_side);
    statement->bindNoCopy(5, conflict.loser_side);
    statement->bindNoCopy(6, conflict.base_hash);
    statement->bindNoCopy(7, conflict.winner_hash);
    statement->bindNoCopy(8, conflict.loser_hash);
    statement->bind(9, conflict.created);
    statement->bind(10, conflict.resolved ? 1 : 0);
    bind_bytes(*statement, 11, conflict.winner_content);
    bind_bytes(*statement, 12, conflict.loser_content);
    statement->bindNoCopy(13, conflict.key);
    statement->exec();
    return connection.raw().getLastInsertRowid();
}

std::optional<Conflict> find_conflict(Connection& connection, std::int64_t number) {
    auto statement = connection.prepare(
        "SELECT number, path, type, id, winner_side, loser_side, base_hash, winner_hash, loser_hash, "
        "created, "
        "resolved, winner_content, loser_content, key FROM conflicts WHERE number = ?1");
    statement->bind(1, number);
    if (!statement->executeStep()) return std::nullopt;
    return read_conflict(*statement);
}

std::vector<Conflict> list_conflicts(Connection& connection, bool include_resolved) {
    auto statement = connection.prepare(
        "SELECT number, path, type, id, winner_side, loser_side, base_hash, winner_hash, loser_hash, "
        "created, "
        "resolved, winner_content, loser_content, key FROM conflicts WHERE resolved <= ?1 ORDER BY number "
        "DESC");
    statement->bind(1, include_resolved ? 1 : 0);
    std::vector<Conflict> conflicts;
    while (statement->executeStep())
        conflicts.push_back(read_conflict(*statement));
    return conflicts;
}

bool has_open_conflict(Connection& connection, const std::string& path, const std::string& winner_hash,
                       const std::string& loser_hash) {
    auto statement = connection.prepare(
        "SELECT 1 FROM conflicts WHERE resolved = 0 AND path = ?1 AND winner_hash = ?2 AND loser_hash = ?3");
    statement->bindNoCopy(1, path);
    statement->bindNoCopy(2, winner_hash);
    statement->bindNoCopy(3, loser_hash);
    return statement->executeStep();
}

std::int64_t count_open_conflicts(Connection& connection) {
    auto statement = connection.prepare("SELECT count(*) FROM conflicts WHERE resolved = 0");
    statement->executeStep();
    return column_int(*statement, 0);
}

void mark_resolved(Connection& connection, std::int64_t number, std::int64_t now_ms) {
    auto statement = connection.prepare(
        "UPDATE conflicts SET resolved = 1, resolved_at = ?2 WHERE number = ?1 AND resolved = 0");
    statement->bind(1, number);
    statement->bind(2, now_ms);
    statement->exec();
}

std::optional<std::string> get_value(Connection& connection, const std::string& name) {
    auto statement = connection.prepare("SELECT value FROM named_values WHERE name = ?1");
    statement->bindNoCopy(1, name);
    if (!statement->executeStep()) return std::nullopt;
    return column_text(*statement, 0);
}

std::map<std::string, std::string> values_named(Connection& connection, const std::string& prefix) {
    std::string end = prefix;
    end.back() = static_cast<char>(end.back() + 1);
    auto statement =
        connection.prepare("SELECT name, value FROM named_values WHERE name >= ?1 AND name < ?2");
    statement->bindNoCopy(1, prefix);
    statement->bindNoCopy(2, end);
    std::map<std::string, std::string> values;
    while (statement->executeStep())
        values[column_text(*statement, 0).substr(prefix.size())] = column_text(*statement, 1);
    return values;
}

void set_value(Connection& connection, const std::string& name, const std::optional<std::string>& value) {
    if (!value) {
        auto statement = connection.prepare("DELETE FROM named_values WHERE name = ?1");
        statement->bindNoCopy(1, name);
        statement->exec();
        return;
    }
    auto statement = connection.prepare(
        "INSERT INTO named_values(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET "
        "value = excluded.value WHERE value IS NOT excluded.value");
    statement->bindNoCopy(1, name);
    statement->bindNoCopy(2, *value);
    statement->exec();
}

void forget_values_but(Connection& connection, const std::set<std::string>& kept) {
    std::vector<std::string> names;
    {
        auto statement = connection.prepare("SELECT name FROM named_values");
        while (statement->executeStep())
            names.push_back(column_text(*statement, 0));
    }
    for (const std::string& name : names) {
        if (kept.count(name) == 0) set_value(connection, name, std::nullopt);
    }
}

}  // namespace fluentsync::store
