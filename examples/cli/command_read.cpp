/// get and list.
#include <fluentsync/entity_store.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "reading.hpp"
#include "root.hpp"

namespace cli {
namespace {

using fluentsync::Entity;

/// None where a raw SQL statement has put something else there.
Json metadata_of(const Entity& entity) {
    auto metadata = parsed(entity.metadata);
    return metadata.is_object() ? metadata : Json::object();
}

std::string title_of(const Entity& entity) {
    const auto metadata = metadata_of(entity);
    const auto title = metadata.find("title");
    return title != metadata.end() && title->is_string() ? title->get<std::string>() : "";
}

std::string line(const Entity& entity) {
    const auto title = title_of(entity);
    return shown(entity.type + '/' + entity.id + "  v" + std::to_string(entity.version) + "  " +
                 time_text(entity.updated) + (title.empty() ? "" : "  " + title));
}

Json object(const Entity& entity) {
    return {{"type", entity.type},
            {"id", entity.id},
            {"version", entity.version},
            {"created", entity.created},
            {"updated", entity.updated},
            {"hash", entity.hash},
            {"metadata", metadata_of(entity)}};
}

}  // namespace

int get_command(const Arguments& words) {
    const auto store = store_to_read(Root(words));
    const auto entity = store->get({words.type, words.id});
    if (!entity) {
        throw fluentsync::Error(fluentsync::ErrorCode::not_found,
                                "there is no entity " + words.type + '/' + words.id);
    }
    print_bytes(entity->content);
    return kOk;
}

int list_command(const Arguments& words) {
    const auto store = store_to_read(Root(words));
    fluentsync::Query query;
    query.type = words.type;
    query.with_content = false;
    const auto entities = store->list(query);
    auto objects = Json::array();
    for (const auto& entity : entities) {
        if (words.json) {
            objects.push_back(object(entity));
        } else {
            print(line(entity));
        }
    }
    if (words.json) print_json(objects);
    return kOk;
}

}  // namespace cli
