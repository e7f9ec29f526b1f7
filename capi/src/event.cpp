#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

static_assert(static_cast<int>(EventKind::entity_created) == FLUENTSYNC_EVENT_ENTITY_CREATED);
static_assert(static_cast<int>(EventKind::deletion_held) == FLUENTSYNC_EVENT_DELETION_HELD);
static_assert(static_cast<int>(EventKind::git_committed) == FLUENTSYNC_EVENT_GIT_COMMITTED);
static_assert(static_cast<int>(EventKind::error) == FLUENTSYNC_EVENT_ERROR);
static_assert(static_cast<int>(EventKind::events_dropped) == FLUENTSYNC_EVENT_DROPPED);

int fluentsync_event_kind(const fluentsync_event* event) {
    return event != nullptr ? static_cast<int>(value_of(event)->kind) : 0;
}

const char* fluentsync_event_name(const fluentsync_event* event, size_t* length) {
    return show(event != nullptr ? event_name(value_of(event)->kind) : "", length);
}

const char* fluentsync_event_origin(const fluentsync_event* event, size_t* length) {
    return show(event != nullptr ? origin_name(value_of(event)->origin) : "", length);
}

int fluentsync_event_code(const fluentsync_event* event) {
    return event != nullptr ? static_cast<int>(value_of(event)->code) : FLUENTSYNC_OK;
}

int64_t fluentsync_event_time(const fluentsync_event* event) {
    return event != nullptr ? value_of(event)->time : 0;
}

const char* fluentsync_event_type(const fluentsync_event* event, size_t* length) {
    return show(
        event, length, [](const Event& value) -> auto& { return value.type; });
}

const char* fluentsync_event_id(const fluentsync_event* event, size_t* length) {
    return show(
        event, length, [](const Event& value) -> auto& { return value.id; });
}

const char* fluentsync_event_path(const fluentsync_event* event, size_t* length) {
    return show(
        event, length, [](const Event& value) -> auto& { return value.path; });
}

const char* fluentsync_event_message(const fluentsync_event* event, size_t* length) {
    return show(
        event, length, [](const Event& value) -> auto& { return value.message; });
}

const char* fluentsync_event_commit(const fluentsync_event* event, size_t* length) {
    return show(
        event, length, [](const Event& value) -> auto& { return value.commit; });
}

int64_t fluentsync_event_version(const fluentsync_event* event) {
    return event != nullptr ? value_of(event)->version : 0;
}

int64_t fluentsync_event_number(const fluentsync_event* event) {
    return event != nullptr ? value_of(event)->number : 0;
}

int64_t fluentsync_event_count(const fluentsync_event* event) {
    return event != nullptr ? value_of(event)->count : 0;
}

int64_t fluentsync_event_total(const fluentsync_event* event) {
    return event != nullptr ? value_of(event)->total : 0;
}

size_t fluentsync_event_batch_size(const fluentsync_event_batch* batch) {
    return batch != nullptr ? value_of(batch)->size() : 0;
}

const fluentsync_event* fluentsync_event_batch_at(const fluentsync_event_batch* batch, size_t index) {
    return element<fluentsync_event>(batch, index);
}

void fluentsync_event_batch_free(fluentsync_event_batch* batch) {
    take_back(batch);
}
