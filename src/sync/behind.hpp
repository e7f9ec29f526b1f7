/// Files that HEAD has in a version that could not be put here: something stands in the way, what is there
/// cannot be read, or the system refuses the path. What is here was made from an earlier version, which stays
/// the base until the two have met.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "git/tree.hpp"
#include "store/connection.hpp"
#include "store/ledger.hpp"

namespace fluentsync::sync {

/// What the row has for git, as git has files. The row must have something.
git::TreeFile file_for_git(const store::LedgerRow& row);

/// By path, the version that what is here was made from; nothing: it was made without one.
using BehindFiles = std::map<std::string, std::optional<git::TreeFile>>;

BehindFiles behind_files(store::Connection& connection);
/// The earliest version noted of a path stays.
void note_behind(store::Connection& connection, const std::string& path,
                 const std::optional<git::TreeFile>& made_from);
void clear_behind(store::Connection& connection, const std::string& path);

}  // namespace fluentsync::sync
