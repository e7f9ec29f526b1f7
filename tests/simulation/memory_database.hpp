/// Database files in memory, by their paths. They outlive crashes.
#pragma once

#include <string>

namespace simulation {

/// From now on SQLite opens its files there. Before the first connection.
void keep_databases_in_memory();
void make_database(const std::string& path, const std::string& bytes);
/// Of the database proper, without its log. Throws std::out_of_range.
std::string bytes_of_database(const std::string& path);
/// Forgets all files. No connection is open.
void forget_databases();

}  // namespace simulation
