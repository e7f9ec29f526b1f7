#include "instance.hpp"

namespace fluentsync_node {

std::shared_ptr<Wake> Wake::make(napi_env env, napi_value callback, Awake awake, void* owner,
                                 bool referenced) {
    auto wake = std::make_shared<Wake>();
    wake->awake_ = awake;
    wake->owner_ = owner;
    napi_value name = nullptr;
    napi_create_string_utf8(env, "fluentsync", NAPI_AUTO_LENGTH, &name);
    auto* kept = new std::shared_ptr<Wake>(wake);
    if (napi_create_threadsafe_function(env, callback, nullptr, name, 0, 1, kept, end, kept, call,
                                        &wake->function_) != napi_ok) {
        delete kept;
        napi_throw_error(env, nullptr, "fluentsync: no memory to call JavaScript from a thread");
        return nullptr;
    }
    wake->reference(env, referenced);
    return wake;
}

void Wake::wake() {
    const std::lock_guard lock(mutex_);
    if (function_ != nullptr &&
        napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking) == napi_closing)
        function_ = nullptr;
}

void Wake::reference(napi_env env, bool referenced) {
    const std::lock_guard lock(mutex_);
    if (function_ == nullptr) return;
    if (referenced)
        napi_ref_threadsafe_function(env, function_);
    else
        napi_unref_threadsafe_function(env, function_);
}

void Wake::release() {
    const std::lock_guard lock(mutex_);
    owner_ = nullptr;
    if (function_ != nullptr) napi_release_threadsafe_function(function_, napi_tsfn_abort);
    function_ = nullptr;
}

void Wake::call(napi_env env, napi_value callback, void* context, void*) {
    const std::shared_ptr<Wake> wake = *static_cast<std::shared_ptr<Wake>*>(context);
    if (env != nullptr && wake->owner_ != nullptr) wake->awake_(env, callback, wake->owner_);
}

void Wake::end(napi_env, void* data, void*) {
    auto* kept = static_cast<std::shared_ptr<Wake>*>(data);
    {
        const std::lock_guard lock((*kept)->mutex_);
        (*kept)->function_ = nullptr;
    }
    delete kept;
}

}  // namespace fluentsync_node
