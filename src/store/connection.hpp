/// One SQLite connection with its prepared statements kept.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/object_id.hpp"

namespace fluentsync::store {

/// A statement out of the connection's cache, reset and unbound when this goes out of scope.
class CachedStatement {
  public:
    explicit CachedStatement(SQLite::Statement& statement) : statement_(&statement) {}
    CachedStatement(const CachedStatement&) = delete;
    CachedStatement& operator=(const CachedStatement&) = delete;
    ~CachedStatement();
    SQLite::Statement* operator->() const { return statement_; }
    SQLite::Statement& operator*() const { return *statement_; }

  private:
    SQLite::Statement* statement_;
};

/// Not thread-safe: Database hands it to one caller at a time.
class Connection {
  public:
    explicit Connection(std::unique_ptr<SQLite::Database> database);
    SQLite::Database& raw() { return *database_; }
    /// `sql` must be a literal: the cache is keyed by its text and never shrinks. A statement whose rows are
    /// still being read cannot be had a second time: Error(internal).
    CachedStatement prepare(std::string_view sql);

  private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unique_ptr<SQLite::Database> database_;
    std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>, TextHash, std::equal_to<>>
        statements_;
};

/// Binds bytes without a copy; they must outlive the statement's run. SQL that wants text casts the
/// parameter: CAST(?1 AS TEXT) keeps every byte, NUL included.
void bind_bytes(SQLite::Statement& statement, int index, std::string_view bytes);
/// Binds 20 raw bytes, or NULL.
void bind_hash(SQLite::Statement& statement, int index, const std::optional<base::ObjectId>& hash);
/// A column's bytes; empty for NULL.
std::string column_text(SQLite::Statement& statement, int index);
std::int64_t column_int(SQLite::Statement& statement, int index);
/// Nothing for NULL and for anything that is not 20 bytes.
std::optional<base::ObjectId> column_hash(SQLite::Statement& statement, int index);

}  // namespace fluentsync::store
