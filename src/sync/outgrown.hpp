/// Files whose version in HEAD is over the limit: an older one is here, or none. See SyncContext::outgrown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/object_id.hpp"
#include "store/connection.hpp"

namespace fluentsync::sync {

/// `version`: HEAD's. `reason`: as it is held.
void note_outgrown(store::Connection& connection, const std::string& path, const base::ObjectId& version,
                   const std::string& reason);
void clear_outgrown(store::Connection& connection, const std::string& path);
std::vector<std::string> outgrown_files(store::Connection& connection);
/// Why the path is held, as long as the ledger says that HEAD has that version and an older one is here.
std::optional<std::string> outgrown_reason(store::Connection& connection, const std::string& path);

}  // namespace fluentsync::sync
