#include "store/entity_row.hpp"

#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::store {

Entity read_entity(SQLite::Statement& statement, bool with_content) {
    Entity entity;
    entity.type = column_text(statement, 0);
    entity.id = column_text(statement, 1);
    entity.version = column_int(statement, 2);
    entity.created = column_int(statement, 3);
    entity.updated = column_int(statement, 4);
    entity.content = column_text(statement, 7);
    const auto hash = column_hash(statement, 5);
    entity.hash = (hash ? *hash : base::hash_blob(entity.content)).hex();
    entity.metadata =
        statement.isColumnNull(6) ? metadata_or_empty(entity.content) : column_text(statement, 6);
    if (!with_content) entity.content.clear();
    return entity;
}

std::string metadata_or_empty(std::string_view content) {
    try {
        return codec::parse_metadata(content);
    } catch (const Error&) {
        return "{}";
    }
}

}  // namespace fluentsync::store
