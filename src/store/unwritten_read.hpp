/// Reading a database that this process may not write, or not write beside: a read-only disk, another user's.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "store/connection.hpp"

namespace fluentsync::store {

/// Whether the database, and beside it SQLite's log, can be written.
bool may_write(const std::string& path);

/// One read, for which nothing is made or changed anywhere.
///
/// SQLite reads a database with a log through an index of it, which it makes where there is none. Here it
/// cannot. With a log, the index of whoever writes serves; without one that can be used it is
/// Error(cannot_open). Where there is no log, all is in the file, which then is read as if nobody could
/// write: whether somebody has is looked at afterwards.
class UnwrittenRead {
  public:
    UnwrittenRead(const std::string& path, std::int64_t cache_kib);
    Connection& connection() { return *connection_; }
    /// Throws Error(busy) when the file was changed since: what was read may be of two states.
    void check() const;

  private:
    const std::string path_;
    std::optional<struct stat> before_;  ///< Of a file that is read without locks.
    std::unique_ptr<Connection> connection_;
};

}  // namespace fluentsync::store
