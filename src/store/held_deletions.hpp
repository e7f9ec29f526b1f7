/// What waits for a person's word: deletions that the guard holds, and a folder that is not the known one.
/// Written down so that any process can give the word, and gives it for exactly this.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "store/connection.hpp"

namespace fluentsync::store {

using Paths = std::set<std::string>;

/// Named values: a folder that was refused, and the one that somebody said yes to.
inline constexpr const char* kRefusedFolder = "refused_folder";
inline constexpr const char* kConfirmedFolder = "folder_confirmed";

/// How much waits, for a status. A refused folder counts as everything it was to hold.
std::int64_t count_held_deletions(Connection& connection);
Paths held_deletions(Connection& connection);
/// A word given before is void from here on.
void save_held_deletions(Connection& connection, const Paths& paths);
/// The paths that somebody confirmed and nobody has acted on yet.
Paths confirmed_deletions(Connection& connection);
/// The word for what waits now. Returns how much that is.
std::int64_t confirm_held_deletions(Connection& connection);

/// `folder` names one folder in one state of its marker. A word for another one is void from here on.
void note_refused_folder(Connection& connection, const std::string& folder, std::int64_t entries);
bool has_refused_folder(Connection& connection);
bool folder_is_confirmed(Connection& connection, const std::string& folder);
/// The folder in place is a good one: no word for a refused one is left.
void forget_refused_folder(Connection& connection);

}  // namespace fluentsync::store
