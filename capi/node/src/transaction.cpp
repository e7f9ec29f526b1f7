#include "entity.hpp"
#include "instance.hpp"

namespace fluentsync_node {
namespace {

struct Work {
    napi_env env;
    napi_value function;
};

/// What the function throws stays pending in the environment, and nothing is written.
int run(void* userdata, fluentsync_transaction* transaction) {
    const auto& work = *static_cast<Work*>(userdata);
    napi_value argument = external(work.env, transaction);
    napi_value result = nullptr;
    const napi_status status =
        napi_call_function(work.env, undefined(work.env), work.function, 1, &argument, &result);
    return status == napi_ok ? FLUENTSYNC_OK : FLUENTSYNC_CANCELLED;
}

napi_value store_transaction(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    Work work{env, arguments.at(1)};
    fluentsync_error* error = nullptr;
    const int status =
        fluentsync_store_transaction(arguments.handle<fluentsync_store>(0), run, &work, nullptr, &error);
    bool thrown = false;
    napi_is_exception_pending(env, &thrown);
    if (thrown)
        fluentsync_error_free(error);
    else
        succeeded(env, status, error);
    return undefined(env);
}

napi_value transaction_put(napi_env env, napi_callback_info info) {
    return put(env, Arguments(env, info), fluentsync_transaction_put);
}

napi_value transaction_remove(napi_env env, napi_callback_info info) {
    return remove(env, Arguments(env, info), fluentsync_transaction_remove);
}

napi_value transaction_get(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    Row row(env);
    const bool found = add_found(env, row, arguments.handle<fluentsync_transaction>(0), arguments.text(1),
                                 arguments.text(2), fluentsync_transaction_get);
    return found ? row.value() : nullptr;
}

}  // namespace

void define_transaction(napi_env env, napi_value exports) {
    define(env, exports, "storeTransaction", store_transaction);
    define(env, exports, "transactionPut", transaction_put);
    define(env, exports, "transactionRemove", transaction_remove);
    define(env, exports, "transactionGet", transaction_get);
}

}  // namespace fluentsync_node
