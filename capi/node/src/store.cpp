#include "entity.hpp"
#include "instance.hpp"

namespace fluentsync_node {
namespace {

napi_value store_create(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    const std::string type = arguments.text(1);
    const std::string id = arguments.text(2);
    const std::string content = arguments.text(3);
    fluentsync_put_result* result = nullptr;
    fluentsync_error* error = nullptr;
    const int status =
        fluentsync_store_create(arguments.handle<fluentsync_store>(0), type.data(), type.size(), id.data(),
                                id.size(), content.data(), content.size(), &result, &error);
    return succeeded(env, status, error) ? taken(env, result) : nullptr;
}

napi_value store_put(napi_env env, napi_callback_info info) {
    return put(env, Arguments(env, info), fluentsync_store_put);
}

napi_value store_remove(napi_env env, napi_callback_info info) {
    return remove(env, Arguments(env, info), fluentsync_store_remove);
}

napi_value store_get(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    Row row(env);
    const bool found = add_found(env, row, arguments.handle<fluentsync_store>(0), arguments.text(1),
                                 arguments.text(2), fluentsync_store_get);
    return found ? row.value() : nullptr;
}

/// The element at `index`.
std::string element(napi_env env, napi_value array, uint32_t index) {
    napi_value value = nullptr;
    napi_get_element(env, array, index, &value);
    return text_of(env, value);
}

/// Keys as [type, id, type, id ...]; an array of what get() gives for each.
napi_value store_get_all(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    auto* store = arguments.handle<fluentsync_store>(0);
    uint32_t count = 0;
    napi_get_array_length(env, arguments.at(1), &count);
    Row found(env);
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        napi_handle_scope scope = nullptr;
        napi_open_handle_scope(env, &scope);
        Row row(env);
        const std::string type = element(env, arguments.at(1), i);
        const std::string id = element(env, arguments.at(1), i + 1);
        const bool good = add_found(env, row, store, type, id, fluentsync_store_get);
        if (good) found.add(row.value());
        napi_close_handle_scope(env, scope);
        if (!good) return nullptr;
    }
    return found.value();
}

/// Drafts as [type, id, content, type ...].
napi_value store_put_all(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    uint32_t count = 0;
    napi_get_array_length(env, arguments.at(1), &count);
    fluentsync_error* error = nullptr;
    fluentsync_drafts* drafts = nullptr;
    int status = fluentsync_drafts_new(&drafts, &error);
    for (uint32_t i = 0; i + 2 < count && status == FLUENTSYNC_OK; i += 3) {
        napi_handle_scope scope = nullptr;
        napi_open_handle_scope(env, &scope);
        const std::string type = element(env, arguments.at(1), i);
        const std::string id = element(env, arguments.at(1), i + 1);
        const std::string content = element(env, arguments.at(1), i + 2);
        status = fluentsync_drafts_add(drafts, type.data(), type.size(), id.data(), id.size(), content.data(),
                                       content.size(), &error);
        napi_close_handle_scope(env, scope);
    }
    int64_t changed = 0;
    if (status == FLUENTSYNC_OK)
        status = fluentsync_store_put_all(arguments.handle<fluentsync_store>(0), drafts, &changed, &error);
    fluentsync_drafts_free(drafts);
    return succeeded(env, status, error) ? number(env, changed) : nullptr;
}

napi_value store_list(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    const std::string query = arguments.text(1);
    fluentsync_entity_list* list = nullptr;
    fluentsync_error* error = nullptr;
    const int status = fluentsync_store_list(arguments.handle<fluentsync_store>(0), query.data(),
                                             query.size(), &list, &error);
    if (!succeeded(env, status, error)) return nullptr;
    Row row(env);
    for (size_t i = 0; i < fluentsync_entity_list_size(list); ++i) {
        napi_handle_scope scope = nullptr;
        napi_open_handle_scope(env, &scope);
        add_entity(env, row, fluentsync_entity_list_at(list, i));
        napi_close_handle_scope(env, scope);
    }
    fluentsync_entity_list_free(list);
    return row.value();
}

napi_value store_count(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    const std::string query = arguments.text(1);
    int64_t count = 0;
    fluentsync_error* error = nullptr;
    const int status = fluentsync_store_count(arguments.handle<fluentsync_store>(0), query.data(),
                                              query.size(), &count, &error);
    return succeeded(env, status, error) ? number(env, count) : nullptr;
}

napi_value store_types(napi_env env, napi_callback_info info) {
    fluentsync_string* types = nullptr;
    fluentsync_error* error = nullptr;
    auto* store = Arguments(env, info).handle<fluentsync_store>(0);
    return succeeded(env, fluentsync_store_types(store, &types, &error), error) ? taken(env, types) : nullptr;
}

napi_value store_set_metadata(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    const std::string type = arguments.text(1);
    const std::string id = arguments.text(2);
    const std::string name = arguments.text(3);
    const std::string value = arguments.text(4);
    fluentsync_put_result* result = nullptr;
    fluentsync_error* error = nullptr;
    const int status = fluentsync_store_set_metadata(
        arguments.handle<fluentsync_store>(0), type.data(), type.size(), id.data(), id.size(), name.data(),
        name.size(), value.data(), value.size(), arguments.number(5), &result, &error);
    return succeeded(env, status, error) ? taken(env, result) : nullptr;
}

}  // namespace

void define_store(napi_env env, napi_value exports) {
    define(env, exports, "storeCreate", store_create);
    define(env, exports, "storePut", store_put);
    define(env, exports, "storeRemove", store_remove);
    define(env, exports, "storeGet", store_get);
    define(env, exports, "storeGetAll", store_get_all);
    define(env, exports, "storePutAll", store_put_all);
    define(env, exports, "storeList", store_list);
    define(env, exports, "storeCount", store_count);
    define(env, exports, "storeTypes", store_types);
    define(env, exports, "storeSetMetadata", store_set_metadata);
}

}  // namespace fluentsync_node
