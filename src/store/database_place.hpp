/// Where a database may lie.
#pragma once

#include <string>

namespace fluentsync::store {

/// A database decides what becomes of a person's files, so none is opened that somebody else has slipped in:
/// its file, its log and the log's index are regular files or not there, never links, and nothing is beside
/// it that SQLite would obey before we have a word (a rollback journal, which names files to delete). In a
/// folder .fluentsync, they belong to us besides, by the rule of StateFolder, and are made nobody else's to
/// read. Throws Error(cannot_open) naming the path as it was given.

/// Checks, and makes the missing parent folders and the database itself: an empty file that is ours alone to
/// read. Returns the path without links.
std::string prepare_database(const std::string& path);

/// Checks alone, for a database that is there. Returns the path without links.
std::string checked_database(const std::string& path);

}  // namespace fluentsync::store
