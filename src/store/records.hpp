/// Small tables: held paths, conflict records, and named values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fluentsync/status.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

/// Inserts or replaces; `since` stays when code, reason and carried are the same. True when it is new or says
/// something else.
bool save_hold(Connection& connection, const Held& held);
/// True when there was one.
bool clear_hold(Connection& connection, const std::string& path);
std::optional<Held> find_hold(Connection& connection, const std::string& path);
std::vector<Held> list_holds(Connection& connection);

/// Stores a record (number is given here) and returns its number.
std::int64_t add_conflict(Connection& connection, const Conflict& conflict);
std::optional<Conflict> find_conflict(Connection& connection, std::int64_t number);
std::vector<Conflict> list_conflicts(Connection& connection, bool include_resolved);
/// Whether an unresolved record of the same path and the same two versions is there.
bool has_open_conflict(Connection& connection, const std::string& path, const std::string& winner_hash,
                       const std::string& loser_hash);
std::int64_t count_open_conflicts(Connection& connection);
void mark_resolved(Connection& connection, std::int64_t number, std::int64_t now_ms);

/// Named values ("head", "folder", ...). Setting the same value again writes nothing.
std::optional<std::string> get_value(Connection& connection, const std::string& name);
/// Those whose names begin with `prefix`, which is not empty: what follows it, and the value.
std::map<std::string, std::string> values_named(Connection& connection, const std::string& prefix);
void set_value(Connection& connection, const std::string& name, const std::optional<std::string>& value);
/// All but those named.
void forget_values_but(Connection& connection, const std::set<std::string>& kept);

}  // namespace fluentsync::store
