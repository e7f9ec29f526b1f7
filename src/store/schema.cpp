#include "store/schema.hpp"

#include <fmt/format.h>

#include "fluentsync/error.hpp"
#include "store/schema_sql.hpp"

namespace fluentsync::store {

static_assert(kSchemaSteps.size() == static_cast<std::size_t>(kSchemaVersion));

namespace {

/// The version of the schema that is there; 0: the database is empty.
std::size_t inspect(SQLite::Database& database, const std::string& path) {
    const int application = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (application == kApplicationId) {
        if (version > kSchemaVersion)
            throw Error(
                ErrorCode::newer_database,
                fmt::format("database '{}' has schema version {}, this library knows {}; update the library",
                            path, version, kSchemaVersion),
                path);
        return static_cast<std::size_t>(version);
    }
    const bool tables = database.execAndGet("SELECT EXISTS(SELECT 1 FROM sqlite_schema)").getInt() != 0;
    if (tables || application != 0 || version != 0)
        throw Error(ErrorCode::not_our_database,
                    fmt::format("database '{}' belongs to another program; choose another path", path), path);
    return 0;
}

}  // namespace

void check_schema(Connection& connection, const std::string& path) {
    const std::size_t version = inspect(connection.raw(), path);
    if (version == kSchemaSteps.size()) return;
    throw Error(
        ErrorCode::cannot_open,
        fmt::format("database '{}' has schema version {}, and to be only read it needs {}; open it once "
                    "where it can be written",
                    path, version, kSchemaVersion),
        path);
}

void ensure_schema(Connection& connection, const std::string& path) {
    SQLite::Database& database = connection.raw();
    std::size_t version = inspect(database, path);
    if (version == 0) database.exec("PRAGMA page_size = 8192");
    // No write when it is WAL already. The switch writes a page, and no journal for it: none is ever beside a
    // database of ours, so that a stranger's is known for what it is.
    if (database.execAndGet("PRAGMA journal_mode").getString() != "wal")
        database.exec("PRAGMA journal_mode = MEMORY");
    if (database.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
        throw Error(
            ErrorCode::cannot_open,
            fmt::format("database '{}': this file system cannot do write-ahead logging; choose a local disk",
                        path),
            path);
    if (version == kSchemaSteps.size()) return;

    database.exec("BEGIN IMMEDIATE");
    try {
        // Another process may have been faster.
        version = inspect(database, path);
        for (std::size_t next = version; next < kSchemaSteps.size(); ++next)
            database.exec(kSchemaSteps[next]);
        if (version < kSchemaSteps.size()) {
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
