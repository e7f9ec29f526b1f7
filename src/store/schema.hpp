/// The tables, indices and triggers, and the steps from older versions of them.
#pragma once

#include <cstdint>
#include <string>

#include "store/connection.hpp"

namespace fluentsync::store {

/// "FlSy", in the header of every database of ours.
inline constexpr std::int32_t kApplicationId = 0x466C5379;
inline constexpr std::int32_t kSchemaVersion = 7;

/// Makes the schema in an empty database and brings an older one up to date; one that is current is only
/// read. Throws not_our_database, newer_database, and SQLite's own exceptions.
void ensure_schema(Connection& connection, const std::string& path);
/// For a database that is only read: it has to be current. Throws the same, and cannot_open for an older one.
void check_schema(Connection& connection, const std::string& path);

}  // namespace fluentsync::store
