// The commits of every database connection of this process are points at which its replica may die.
#include <sqlite3.h>

#include <stdexcept>

#include "machine.hpp"
#include "store/database_place.hpp"

namespace simulation {

namespace {

std::vector<Machine*> machines;

/// Not zero: the commit becomes a rollback.
int before_commit(void* payload) {
    auto& machine = *static_cast<Machine*>(payload);
    keep_off_loop(machine, "a commit of the database");
    if (machine.dead || dies_here(machine)) return 1;
    return 0;
}

/// Not called for a transaction that wrote nothing.
int after_commit(void* payload, sqlite3*, const char*, int) {
    auto& machine = *static_cast<Machine*>(payload);
    ++machine.commits;
    dies_here(machine);
    return SQLITE_OK;
}

int on_open(sqlite3* database, char**, const sqlite3_api_routines*) {
    const char* name = sqlite3_db_filename(database, "main");
    for (Machine* machine : machines) {
        if (name != nullptr && machine->database == name) {
            sqlite3_commit_hook(database, before_commit, machine);
            sqlite3_wal_hook(database, after_commit, machine);
        }
    }
    return SQLITE_OK;
}

}  // namespace

void watch_databases(std::vector<Machine*> all) {
    machines = std::move(all);
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(on_open));
}

}  // namespace simulation

namespace fluentsync::store {

/// In memory, where nobody has put anything.
std::string prepare_database(const std::string& path) {
    return path;
}

std::string checked_database(const std::string& path) {
    return path;
}

}  // namespace fluentsync::store
