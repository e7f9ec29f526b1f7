/// How a row of the entities table is read.
#pragma once

#include <string>
#include <string_view>

#include "base/object_id.hpp"
#include "fluentsync/entity.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

/// Another program may have put anything there; what is no JSON counts as not computed yet.
#define FLUENTSYNC_METADATA_IF_JSON "CASE WHEN json_valid(metadata) THEN metadata END"

/// The columns that read_entity() expects, from the first on. With `content`.
#define FLUENTSYNC_ENTITY_COLUMNS \
    "type, id, version, created, updated, hash, " FLUENTSYNC_METADATA_IF_JSON ", content"
/// The same without it; it still comes along for a row that has to be computed.
#define FLUENTSYNC_ENTITY_COLUMNS_LEAN                                        \
    "type, id, version, created, updated, hash, " FLUENTSYNC_METADATA_IF_JSON \
    ", "                                                                      \
    "CASE WHEN hash IS NULL OR json_valid(metadata) IS NOT 1 THEN content END"

/// Computes hash and metadata that another program left NULL, and metadata that is no JSON.
Entity read_entity(SQLite::Statement& statement, bool with_content);

/// The metadata of content that was not checked: "{}" where it does not parse.
std::string metadata_or_empty(std::string_view content);

}  // namespace fluentsync::store
