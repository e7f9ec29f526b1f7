/// Keys that another program has written as BLOBs, which no look-up by text finds.
#pragma once

#include <cstdint>
#include <vector>

#include "fluentsync/status.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

/// Whether the type or the id of an entity is a BLOB.
bool has_blob_keys(Connection& connection);

/// Makes them the text of the same bytes, in the change log too. A row whose text key another row has goes
/// away; where its content is another one, that is kept as the loser of a conflict record. Returns these.
std::vector<Conflict> make_keys_text(Connection& connection, std::int64_t now_ms);

}  // namespace fluentsync::store
