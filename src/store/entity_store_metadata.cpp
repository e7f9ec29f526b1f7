/// EntityStore's edits of one front matter key.
#include <fmt/format.h>

#include "codec/front_matter.hpp"
#include "fluentsync/entity_store.hpp"
#include "store/prepared_content.hpp"
#include "store/store_body.hpp"

namespace fluentsync {
namespace {

// An edit that loses the race to another writer is made again on what that one left.
constexpr int kAttempts = 8;

PutResult edit_once(EntityStore& entities, const EntityKey& key, const PutOptions& options,
                    const std::function<std::string(const std::string&)>& edit) {
    const auto entity = entities.get(key);
    if (!entity) throw Error(ErrorCode::not_found, fmt::format("{}: no such entity", store::key_text(key)));
    std::string content;
    try {
        content = edit(entity->content);
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", store::key_text(key), error.what()), error.path());
    }
    return entities.put({key.type, key.id, content}, {options.expected_version.value_or(entity->version)});
}

PutResult edit_content(EntityStore& entities, const EntityKey& key, const PutOptions& options,
                       const std::function<std::string(const std::string&)>& edit) {
    for (int attempt = 1;; ++attempt) {
        try {
            return edit_once(entities, key, options, edit);
        } catch (const Error& error) {
            const bool raced = error.code() == ErrorCode::version_mismatch && !options.expected_version;
            if (!raced || attempt == kAttempts) throw;
        }
    }
}

}  // namespace

PutResult EntityStore::set_metadata(const EntityKey& key, const std::string& name,
                                    const std::string& json_value, const PutOptions& options) {
    return edit_content(*this, key, options, [&](const std::string& content) {
        return codec::set_key(content, name, json_value);
    });
}

PutResult EntityStore::remove_metadata(const EntityKey& key, const std::string& name,
                                       const PutOptions& options) {
    return edit_content(*this, key, options,
                        [&](const std::string& content) { return codec::remove_key(content, name); });
}

}  // namespace fluentsync
