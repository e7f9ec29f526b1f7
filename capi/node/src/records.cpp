#include "instance.hpp"
#include "value.hpp"

namespace fluentsync_node {
namespace {

/// number, path, type, id, winnerSide, loserSide, winnerContent, loserContent, created, resolved
void add_conflict(napi_env env, Row& row, const fluentsync_conflict* conflict) {
    row.add(number(env, fluentsync_conflict_number(conflict)));
    row.add(got(env, fluentsync_conflict_path, conflict));
    row.add(got(env, fluentsync_conflict_type, conflict));
    row.add(got(env, fluentsync_conflict_id, conflict));
    row.add(got(env, fluentsync_conflict_winner_side, conflict));
    row.add(got(env, fluentsync_conflict_loser_side, conflict));
    size_t length = 0;
    const char* content = fluentsync_conflict_winner_content(conflict, &length);
    row.add(bytes(env, content, length));
    content = fluentsync_conflict_loser_content(conflict, &length);
    row.add(bytes(env, content, length));
    row.add(number(env, fluentsync_conflict_created(conflict)));
    row.add(flag(env, fluentsync_conflict_resolved(conflict) != 0));
}

napi_value store_conflicts(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    fluentsync_conflict_list* list = nullptr;
    fluentsync_error* error = nullptr;
    const int status = fluentsync_store_conflicts(arguments.handle<fluentsync_store>(0),
                                                  arguments.flag(1) ? 1 : 0, &list, &error);
    if (!succeeded(env, status, error)) return nullptr;
    Row row(env);
    for (size_t i = 0; i < fluentsync_conflict_list_size(list); ++i)
        add_conflict(env, row, fluentsync_conflict_list_at(list, i));
    fluentsync_conflict_list_free(list);
    return row.value();
}

/// `choice` is one of enum fluentsync_choice.
napi_value store_resolve(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    fluentsync_error* error = nullptr;
    const int status = fluentsync_store_resolve(arguments.handle<fluentsync_store>(0), arguments.number(1),
                                                static_cast<int>(arguments.number(2)), &error);
    succeeded(env, status, error);
    return undefined(env);
}

napi_value store_resolve_with(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    const std::string content = arguments.text(2);
    fluentsync_error* error = nullptr;
    const int status = fluentsync_store_resolve_with(
        arguments.handle<fluentsync_store>(0), arguments.number(1), content.data(), content.size(), &error);
    succeeded(env, status, error);
    return undefined(env);
}

napi_value store_held(napi_env env, napi_callback_info info) {
    fluentsync_string* held = nullptr;
    fluentsync_error* error = nullptr;
    auto* store = Arguments(env, info).handle<fluentsync_store>(0);
    return succeeded(env, fluentsync_store_held(store, &held, &error), error) ? taken(env, held) : nullptr;
}

napi_value store_confirm_deletions(napi_env env, napi_callback_info info) {
    int64_t count = 0;
    fluentsync_error* error = nullptr;
    auto* store = Arguments(env, info).handle<fluentsync_store>(0);
    const int status = fluentsync_store_confirm_deletions(store, &count, &error);
    return succeeded(env, status, error) ? number(env, count) : nullptr;
}

}  // namespace

void define_records(napi_env env, napi_value exports) {
    define(env, exports, "storeConflicts", store_conflicts);
    define(env, exports, "storeResolve", store_resolve);
    define(env, exports, "storeResolveWith", store_resolve_with);
    define(env, exports, "storeHeld", store_held);
    define(env, exports, "storeConfirmDeletions", store_confirm_deletions);
}

}  // namespace fluentsync_node
