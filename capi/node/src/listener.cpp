#include "listener.hpp"

#include <memory>

#include "value.hpp"

namespace fluentsync_node {

Listener* Listener::open(napi_env env, fluentsync_workspace* workspace, size_t capacity,
                         napi_value callback) {
    std::unique_ptr<Listener> listener(new Listener);
    fluentsync_error* error = nullptr;
    int status = fluentsync_workspace_events(workspace, capacity, &listener->queue_, &error);
    if (!succeeded(env, status, error)) return nullptr;
    listener->wake_ = Wake::make(env, callback, awake, listener.get(), false);
    if (listener->wake_ == nullptr) return nullptr;
    status = fluentsync_events_on_ready(listener->queue_, ready, new std::shared_ptr<Wake>(listener->wake_),
                                        forget, &error);
    if (!succeeded(env, status, error)) return nullptr;
    return listener.release();
}

Listener::~Listener() {
    if (wake_ != nullptr) wake_->release();
    fluentsync_events_close(queue_, nullptr);
}

void Listener::ready(void* userdata) {
    (*static_cast<std::shared_ptr<Wake>*>(userdata))->wake();
}

void Listener::forget(void* userdata) {
    delete static_cast<std::shared_ptr<Wake>*>(userdata);
}

void Listener::awake(napi_env env, napi_value callback, void*) {
    napi_call_function(env, undefined(env), callback, 0, nullptr, nullptr);
}

void close_listeners(Instance& instance) {
    for (Listener* listener : instance.listeners)
        delete listener;
    instance.listeners.clear();
}

namespace {

napi_value events_open(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    Listener* listener = Listener::open(env, arguments.handle<fluentsync_workspace>(0),
                                        static_cast<size_t>(arguments.number(1)), arguments.at(2));
    if (listener == nullptr) return nullptr;
    Instance::of(env).listeners.insert(listener);
    return external(env, listener);
}

/// name, time, type, id, path, message, commit, origin, code, version, number, count, total
void add_event(napi_env env, Row& row, const fluentsync_event* event) {
    row.add(got(env, fluentsync_event_name, event));
    row.add(number(env, fluentsync_event_time(event)));
    row.add(got(env, fluentsync_event_type, event));
    row.add(got(env, fluentsync_event_id, event));
    row.add(got(env, fluentsync_event_path, event));
    row.add(got(env, fluentsync_event_message, event));
    row.add(got(env, fluentsync_event_commit, event));
    row.add(got(env, fluentsync_event_origin, event));
    row.add(text(env, fluentsync_code_name(fluentsync_event_code(event)), NAPI_AUTO_LENGTH));
    row.add(number(env, fluentsync_event_version(event)));
    row.add(number(env, fluentsync_event_number(event)));
    row.add(number(env, fluentsync_event_count(event)));
    row.add(number(env, fluentsync_event_total(event)));
}

/// What is there now, in one row; undefined when nothing is.
napi_value events_take(napi_env env, napi_callback_info info) {
    fluentsync_event_batch* batch = nullptr;
    fluentsync_error* error = nullptr;
    auto* listener = Arguments(env, info).handle<Listener>(0);
    if (!succeeded(env, fluentsync_events_next(listener->queue(), 0, 0, &batch, &error), error))
        return nullptr;
    if (batch == nullptr) return undefined(env);
    Row row(env);
    for (size_t i = 0; i < fluentsync_event_batch_size(batch); ++i)
        add_event(env, row, fluentsync_event_batch_at(batch, i));
    fluentsync_event_batch_free(batch);
    return row.value();
}

napi_value events_reference(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    arguments.handle<Listener>(0)->reference(env, arguments.flag(1));
    return undefined(env);
}

/// Once for each: the modules drop the listener with it.
napi_value events_close(napi_env env, napi_callback_info info) {
    auto* listener = Arguments(env, info).handle<Listener>(0);
    if (Instance::of(env).listeners.erase(listener) == 1) delete listener;
    return undefined(env);
}

}  // namespace

void define_listener(napi_env env, napi_value exports) {
    define(env, exports, "eventsOpen", events_open);
    define(env, exports, "eventsTake", events_take);
    define(env, exports, "eventsReference", events_reference);
    define(env, exports, "eventsClose", events_close);
}

}  // namespace fluentsync_node
