#pragma once

#include "value.hpp"

namespace fluentsync_node {

/// type, id, content, metadata, hash, version, created, updated
inline void add_entity(napi_env env, Row& row, const fluentsync_entity* entity) {
    row.add(got(env, fluentsync_entity_type, entity));
    row.add(got(env, fluentsync_entity_id, entity));
    row.add(got(env, fluentsync_entity_content, entity));
    row.add(got(env, fluentsync_entity_metadata, entity));
    row.add(got(env, fluentsync_entity_hash, entity));
    row.add(number(env, fluentsync_entity_version(entity)));
    row.add(number(env, fluentsync_entity_created(entity)));
    row.add(number(env, fluentsync_entity_updated(entity)));
}

/// changed, created, version. Frees the result.
inline napi_value taken(napi_env env, fluentsync_put_result* result) {
    Row row(env);
    row.add(flag(env, fluentsync_put_result_changed(result) != 0));
    row.add(flag(env, fluentsync_put_result_created(result) != 0));
    row.add(number(env, fluentsync_put_result_version(result)));
    fluentsync_put_result_free(result);
    return row.value();
}

/// The store's and the transaction's functions of one name, which differ in what they stand on alone.
template <class Handle>
napi_value put(napi_env env, const Arguments& arguments,
               int (*function)(Handle*, const char*, size_t, const char*, size_t, const char*, size_t,
                               int64_t, fluentsync_put_result**, fluentsync_error**)) {
    const std::string type = arguments.text(1);
    const std::string id = arguments.text(2);
    const std::string content = arguments.text(3);
    fluentsync_put_result* result = nullptr;
    fluentsync_error* error = nullptr;
    const int status = function(arguments.handle<Handle>(0), type.data(), type.size(), id.data(), id.size(),
                                content.data(), content.size(), arguments.number(4), &result, &error);
    return succeeded(env, status, error) ? taken(env, result) : nullptr;
}

/// Adds one entity to the row, and nothing when there is none. Whether the call succeeded.
template <class Handle>
bool add_found(napi_env env, Row& row, Handle* handle, const std::string& type, const std::string& id,
               int (*function)(Handle*, const char*, size_t, const char*, size_t, fluentsync_entity**,
                               fluentsync_error**)) {
    fluentsync_entity* entity = nullptr;
    fluentsync_error* error = nullptr;
    if (!succeeded(env, function(handle, type.data(), type.size(), id.data(), id.size(), &entity, &error),
                   error))
        return false;
    if (entity != nullptr) add_entity(env, row, entity);
    fluentsync_entity_free(entity);
    return true;
}

template <class Handle>
napi_value remove(napi_env env, const Arguments& arguments,
                  int (*function)(Handle*, const char*, size_t, const char*, size_t, int64_t, int*,
                                  fluentsync_error**)) {
    const std::string type = arguments.text(1);
    const std::string id = arguments.text(2);
    int removed = 0;
    fluentsync_error* error = nullptr;
    const int status = function(arguments.handle<Handle>(0), type.data(), type.size(), id.data(), id.size(),
                                arguments.number(3), &removed, &error);
    return succeeded(env, status, error) ? flag(env, removed != 0) : nullptr;
}

}  // namespace fluentsync_node
