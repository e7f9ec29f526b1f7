#include "store/open_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <thread>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "store/database_place.hpp"
#include "store/fork_guard.hpp"
#include "store/schema.hpp"
#include "store/sqlite_error.hpp"

namespace fluentsync::store {
namespace {

// 8 MB of log between checkpoints; a longer one is cut back to 16 MB once it is checkpointed.
constexpr int kCheckpointPages = 1000;
constexpr int kLogBytes = 16 << 20;
constexpr std::chrono::milliseconds kOpenRetry{10};

[[noreturn]] void fail_to_open(const std::string& path, const std::string& why) {
    throw Error(ErrorCode::cannot_open, fmt::format("cannot open database '{}': {}", path, why), path);
}

/// `file`: the database's path without links.
std::unique_ptr<Connection> open_connection(const std::string& file, int flags, std::int64_t cache_kib) {
    guard_forks();
    const int always = SQLite::OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    auto database = std::make_unique<SQLite::Database>(file, flags | always,
                                                       static_cast<int>(base::tuning::kBusyTimeout.count()));
    // Negative: KiB instead of pages.
    database->exec(fmt::format("PRAGMA cache_size = -{}", cache_kib));
    return std::make_unique<Connection>(std::move(database));
}

std::unique_ptr<Connection> try_open_writer(const std::string& path, const std::string& file,
                                            std::int64_t cache_kib) {
    return translated(path, [&] {
        auto connection = open_connection(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, cache_kib);
        SQLite::Database& database = connection->raw();
        // SQLite falls back to reading alone without a word.
        if (sqlite3_db_readonly(database.getHandle(), "main") == 1)
            fail_to_open(path, "it is not writable; check its permissions");
        ensure_schema(*connection, path);
        database.exec(fmt::format("PRAGMA wal_autocheckpoint = {}", kCheckpointPages));
        database.exec(fmt::format("PRAGMA journal_size_limit = {}", kLogBytes));
        return connection;
    });
}

}  // namespace

std::unique_ptr<Connection> open_writer(const std::string& path, std::int64_t cache_kib) {
    const std::string file = prepare_database(path);
    // Two processes that make the database at once: the switch to WAL does not wait for the other's lock.
    const auto end = std::chrono::steady_clock::now() + base::tuning::kBusyTimeout;
    while (true) {
        try {
            return try_open_writer(path, file, cache_kib);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::busy || std::chrono::steady_clock::now() >= end) throw;
        }
        std::this_thread::sleep_for(kOpenRetry);
    }
}

std::unique_ptr<Connection> open_reader(const std::string& path, std::int64_t cache_kib) {
    return translated(path, [&] {
        // Opened for writing all the same: a connection that may not write cannot recover a WAL.
        auto connection = open_connection(checked_database(path), SQLite::OPEN_READWRITE, cache_kib);
        connection->raw().exec("PRAGMA query_only = ON");
        return connection;
    });
}

std::unique_ptr<Connection> open_by_uri(const std::string& uri, std::int64_t cache_kib) {
    return open_connection(uri, SQLite::OPEN_READONLY | SQLite::OPEN_URI, cache_kib);
}

}  // namespace fluentsync::store
