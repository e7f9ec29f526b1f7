/// Database files in memory, by their paths. They outlive crashes.
#pragma once

namespace simulation {

/// From now on SQLite opens its files there. Before the first connection.
void keep_databases_in_memory();
/// Forgets all files. No connection is open.
void forget_databases();

}  // namespace simulation
