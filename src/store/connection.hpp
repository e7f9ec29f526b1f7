/// One SQLite connection with its prepared statements kept.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
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
    /// `sql` must be a literal: the cache is keyed by its text and never shrinks.
    CachedStatement prepare(std::string_view sql);

  private:
    std::unique_ptr<SQLite::Database> database_;
    std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> statements_;
};

}  // namespace fluentsync::store
