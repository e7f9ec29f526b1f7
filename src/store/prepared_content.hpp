/// Content that was checked, with what is derived from it.
#pragma once

#include <string>
#include <string_view>

#include "base/object_id.hpp"
#include "fluentsync/entity.hpp"

namespace fluentsync::store {

struct PreparedContent {
    base::ObjectId hash;
    std::string metadata;
};

/// "type/id", fit for a message.
std::string key_text(const EntityKey& key);

/// Checks key and content as EntityStore::put() does, outside any transaction. Throws invalid_key, too_large,
/// invalid_content, invalid_front_matter; the message begins with "type/id: ".
PreparedContent prepare_content(const EntityKey& key, std::string_view content);

}  // namespace fluentsync::store
