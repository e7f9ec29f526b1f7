/// How a connection of ours is opened.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "store/connection.hpp"

namespace fluentsync::store {

/// Opens or makes the database with its missing parent folders, checks whose it is, brings the schema up to
/// date. Writes nothing to a database that is current.
std::unique_ptr<Connection> open_writer(const std::string& path, std::int64_t cache_kib);
/// A connection that only reads; the database is there.
std::unique_ptr<Connection> open_reader(const std::string& path, std::int64_t cache_kib);
/// The same by SQLite's URI, of a file that cannot be written.
std::unique_ptr<Connection> open_by_uri(const std::string& uri, std::int64_t cache_kib);

}  // namespace fluentsync::store
