#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <fluentsync/fluentsync.h>
#include <node_api.h>

/// The addon's inside. Every function runs on the JavaScript thread of its environment (the main thread's or
/// a worker's) unless its comment says otherwise; an environment has one Instance, so that no state is shared
/// among them.
namespace fluentsync_node {

class Call;
class Listener;

/// Wakes JavaScript from any thread. The environment may end first: then wake() does nothing.
class Wake {
  public:
    using Awake = void (*)(napi_env env, napi_value callback, void* owner);
    /// `callback` is kept until release(). Keeps the process alive while `referenced`. NULL, with an
    /// exception pending, on failure.
    static std::shared_ptr<Wake> make(napi_env env, napi_value callback, Awake awake, void* owner,
                                      bool referenced);
    /// Any thread.
    void wake();
    void reference(napi_env env, bool referenced);
    /// No wake() has an effect afterwards, and `awake` is not called again.
    void release();

  private:
    static void call(napi_env env, napi_value callback, void* context, void* data);
    static void end(napi_env env, void* data, void* hint);

    std::mutex mutex_;
    napi_threadsafe_function function_ = nullptr;
    Awake awake_ = nullptr;
    void* owner_ = nullptr;
};

struct Instance {
    napi_ref make_error = nullptr;
    std::set<fluentsync_workspace*> workspaces;
    std::set<Listener*> listeners;
    std::set<Call*> calls;

    static Instance& of(napi_env env);
};

void define_library(napi_env env, napi_value exports);
void define_store(napi_env env, napi_value exports);
void define_records(napi_env env, napi_value exports);
void define_transaction(napi_env env, napi_value exports);
void define_calls(napi_env env, napi_value exports);
void define_listener(napi_env env, napi_value exports);

/// Closes what the environment has left open and waits for its threads.
void close_listeners(Instance& instance);
void join_calls(Instance& instance);

}  // namespace fluentsync_node
