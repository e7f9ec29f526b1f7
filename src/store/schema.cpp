#include "store/schema.hpp"

#include <fmt/format.h>

#include "fluentsync/error.hpp"
#include "store/schema_sql.hpp"

namespace fluentsync::store {
namespace {

enum class State { current, outdated, empty };

State inspect(SQLite::Database& database, const std::string& path) {
    const int application = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (application == kApplicationId) {
        if (version > kSchemaVersion)
            throw Error(
                ErrorCode::newer_database,
                fmt::format("database '{}' has schema version {}, this library knows {}; update the library",
                            path, version, kSchemaVersion),
                path);
        return version == kSchemaVersion ? State::current : State::outdated;
    }
    const bool tables = database.execAndGet("SELECT EXISTS(SELECT 1 FROM sqlite_schema)").getInt() != 0;
    if (tables || application != 0 || version != 0)
        throw Error(ErrorCode::not_our_database,
                    fmt::format("database '{}' belongs to another program; choose another path", path), path);
    return State::empty;
}

}  // namespace

void ensure_schema(Connection& connection, const std::string& path) {
    SQLite::Database& database = connection.raw();
    State state = inspect(database, path);
    if (state == State::empty) database.exec("PRAGMA page_size = 8192");
    // No write when it is WAL already.
    if (database.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
        throw Error(
            ErrorCode::cannot_open,
            fmt::format("database '{}': this file system cannot do write-ahead logging; choose a local disk",
                        path),
            path);
    if (state == State::current) return;

    database.exec("BEGIN IMMEDIATE");
    try {
        // Another process may have been faster.
        state = inspect(database, path);
        if (state == State::empty) database.exec(kSchemaSql);
        // Version 1 is the first: there is nothing older to bring up to date.
        if (state != State::current) {
            database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
            database.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
        }
        database.exec("COMMIT");
    } catch (...) {
        database.tryExec("ROLLBACK");
        throw;
    }
}

}  // namespace fluentsync::store
