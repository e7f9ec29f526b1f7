/// The database file: one writer connection, readers of their own, schema and migrations.
///
/// WAL mode, page size 8192, application_id and user_version checked on opening (not_our_database when
/// another program's tables are there, newer_database when user_version is above ours, corrupt, cannot_open,
/// busy).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "fluentsync/options.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

enum class Durability {
    full,     ///< On disk when write() returns, if StoreOptions::durable.
    relaxed,  ///< What content alone can recover: ledger moves.
};

/// Thread-safe. SQLite's errors leave as fluentsync::Error (busy, io with "disk full" named, corrupt,
/// internal). Once its file or its log is deleted or replaced, every call throws Error(database_gone), and
/// nothing is written any more. Inside write() no other function may be called on the same thread:
/// Error(misuse).
class Database {
  public:
    explicit Database(const StoreOptions& options);
    ~Database();
    /// BEGIN IMMEDIATE, `work`, COMMIT; rolled back when `work` throws. One at a time.
    /// Waits up to tuning::kBusyTimeout for another process. `committed` runs after the COMMIT and before the
    /// next write begins, so that what it does is in the order of the commits; it must not throw or block.
    void write(Durability durability, const std::function<void(Connection&)>& work,
               const std::function<void()>& committed = {});
    /// A read transaction on a pooled reader; sees one state of the database throughout. Never waits for a
    /// writer.
    void read(const std::function<void(Connection&)>& work) const;
    /// Changes when another process (or any connection but this object's writer) has committed. Waits for the
    /// write in progress. Always 0 of one that is only read.
    std::int64_t data_version() const;
    /// The same inside a write.
    static std::int64_t data_version(Connection& writer);
    const std::string& path() const;
    /// Opened with StoreOptions::read_only.
    bool read_only() const;
    /// Throws Error(misuse) when it is only read.
    void check_may_write() const;
    /// From now on calls that wait for another process give up at once: Error(busy). For close() to come
    /// soon.
    void stop_waiting();
    /// Throws Error(misuse) inside a write on the same thread: whoever does the work that is waited for may
    /// wait for that write's end.
    void check_may_wait() const;
    void check_may_close() const;
    /// Waits for calls in progress; later calls throw Error(closed). Idempotent. The last one out checkpoints
    /// the WAL.
    void close();

  private:
    friend class NoWaiting;
    struct State;
    std::unique_ptr<State> state_;
};

/// As stop_waiting(), for as long as it lives.
class NoWaiting {
  public:
    explicit NoWaiting(Database& database);
    NoWaiting(const NoWaiting&) = delete;
    NoWaiting& operator=(const NoWaiting&) = delete;
    ~NoWaiting();

  private:
    Database& database_;
};

}  // namespace fluentsync::store
