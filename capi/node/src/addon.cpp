#include "instance.hpp"
#include "value.hpp"

namespace fluentsync_node {
namespace {

/// The environment ends: a worker is terminated, or the process leaves with something open.
void end_environment(void* data) {
    auto* instance = static_cast<Instance*>(data);
    close_listeners(*instance);
    for (fluentsync_workspace* workspace : instance->workspaces)
        fluentsync_workspace_close(workspace, nullptr);
    join_calls(*instance);
    delete instance;
}

napi_value initialize(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    napi_create_reference(env, arguments.at(0), 1, &Instance::of(env).make_error);
    return undefined(env);
}

napi_value version(napi_env env, napi_callback_info) {
    return text(env, fluentsync_version(), NAPI_AUTO_LENGTH);
}

napi_value live_objects(napi_env env, napi_callback_info) {
    return number(env, fluentsync_live_objects());
}

napi_value check_options(napi_env env, napi_callback_info info) {
    const std::string options = Arguments(env, info).text(0);
    fluentsync_error* error = nullptr;
    succeeded(env, fluentsync_check_options(options.data(), options.size(), &error), error);
    return undefined(env);
}

napi_value workspace_open(napi_env env, napi_callback_info info) {
    const std::string options = Arguments(env, info).text(0);
    fluentsync_workspace* workspace = nullptr;
    fluentsync_error* error = nullptr;
    const int status = fluentsync_workspace_open(nullptr, options.data(), options.size(), nullptr, nullptr,
                                                 nullptr, &workspace, &error);
    if (!succeeded(env, status, error)) return nullptr;
    Instance::of(env).workspaces.insert(workspace);
    return external(env, workspace);
}

/// [store, directory, git or undefined]
napi_value workspace_parts(napi_env env, napi_callback_info info) {
    auto* workspace = Arguments(env, info).handle<fluentsync_workspace>(0);
    fluentsync_error* error = nullptr;
    fluentsync_store* store = nullptr;
    if (!succeeded(env, fluentsync_workspace_store(workspace, &store, &error), error)) return nullptr;
    fluentsync_directory* directory = nullptr;
    if (!succeeded(env, fluentsync_workspace_directory(workspace, &directory, &error), error)) return nullptr;
    fluentsync_git* git = nullptr;
    fluentsync_workspace_git(workspace, &git, nullptr);
    Row row(env);
    row.add(external(env, store));
    row.add(external(env, directory));
    row.add(git == nullptr ? undefined(env) : external(env, git));
    return row.value();
}

napi_value workspace_status(napi_env env, napi_callback_info info) {
    fluentsync_string* status = nullptr;
    fluentsync_error* error = nullptr;
    auto* workspace = Arguments(env, info).handle<fluentsync_workspace>(0);
    if (!succeeded(env, fluentsync_workspace_status(workspace, &status, &error), error)) return nullptr;
    return taken(env, status);
}

}  // namespace

Instance& Instance::of(napi_env env) {
    void* instance = nullptr;
    napi_get_instance_data(env, &instance);
    return *static_cast<Instance*>(instance);
}

void define_library(napi_env env, napi_value exports) {
    define(env, exports, "initialize", initialize);
    define(env, exports, "version", version);
    define(env, exports, "liveObjects", live_objects);
    define(env, exports, "checkOptions", check_options);
    define(env, exports, "workspaceOpen", workspace_open);
    define(env, exports, "workspaceParts", workspace_parts);
    define(env, exports, "workspaceStatus", workspace_status);
}

}  // namespace fluentsync_node

NAPI_MODULE_INIT() {
    using namespace fluentsync_node;
    auto* instance = new Instance;
    napi_set_instance_data(env, instance, nullptr, nullptr);
    napi_add_env_cleanup_hook(env, end_environment, instance);
    define_library(env, exports);
    define_store(env, exports);
    define_records(env, exports);
    define_transaction(env, exports);
    define_calls(env, exports);
    define_listener(env, exports);
    return exports;
}
