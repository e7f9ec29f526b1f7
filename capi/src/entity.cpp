#include "arguments.hpp"
#include "fence.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_drafts_new(fluentsync_drafts** drafts, fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(drafts, "drafts");
        result = give<fluentsync_drafts>({});
    });
}

int fluentsync_drafts_add(fluentsync_drafts* drafts, const char* type, size_t type_length, const char* id,
                          size_t id_length, const char* content, size_t content_length,
                          fluentsync_error** error) {
    return fence(error, [&] {
        if (drafts == nullptr) refuse_null("drafts");
        value_of(drafts)->push_back({text(type, type_length, "type"), text(id, id_length, "id"),
                                     text(content, content_length, "content")});
    });
}

void fluentsync_drafts_free(fluentsync_drafts* drafts) {
    take_back(drafts);
}

int fluentsync_put_result_changed(const fluentsync_put_result* result) {
    return result != nullptr && value_of(result)->changed ? 1 : 0;
}

int fluentsync_put_result_created(const fluentsync_put_result* result) {
    return result != nullptr && value_of(result)->created ? 1 : 0;
}

int64_t fluentsync_put_result_version(const fluentsync_put_result* result) {
    return result != nullptr ? value_of(result)->version : 0;
}

void fluentsync_put_result_free(fluentsync_put_result* result) {
    take_back(result);
}

const char* fluentsync_entity_type(const fluentsync_entity* entity, size_t* length) {
    return show(
        entity, length, [](const Entity& value) -> auto& { return value.type; });
}

const char* fluentsync_entity_id(const fluentsync_entity* entity, size_t* length) {
    return show(
        entity, length, [](const Entity& value) -> auto& { return value.id; });
}

const char* fluentsync_entity_content(const fluentsync_entity* entity, size_t* length) {
    return show(
        entity, length, [](const Entity& value) -> auto& { return value.content; });
}

const char* fluentsync_entity_metadata(const fluentsync_entity* entity, size_t* length) {
    return show(
        entity, length, [](const Entity& value) -> auto& { return value.metadata; });
}

const char* fluentsync_entity_hash(const fluentsync_entity* entity, size_t* length) {
    return show(
        entity, length, [](const Entity& value) -> auto& { return value.hash; });
}

int64_t fluentsync_entity_version(const fluentsync_entity* entity) {
    return entity != nullptr ? value_of(entity)->version : 0;
}

int64_t fluentsync_entity_created(const fluentsync_entity* entity) {
    return entity != nullptr ? value_of(entity)->created : 0;
}

int64_t fluentsync_entity_updated(const fluentsync_entity* entity) {
    return entity != nullptr ? value_of(entity)->updated : 0;
}

void fluentsync_entity_free(fluentsync_entity* entity) {
    take_back(entity);
}

size_t fluentsync_entity_list_size(const fluentsync_entity_list* list) {
    return list != nullptr ? value_of(list)->size() : 0;
}

const fluentsync_entity* fluentsync_entity_list_at(const fluentsync_entity_list* list, size_t index) {
    return element<fluentsync_entity>(list, index);
}

void fluentsync_entity_list_free(fluentsync_entity_list* list) {
    take_back(list);
}
