#pragma once

#include "instance.hpp"

namespace fluentsync_node {

/// A queue of events that calls JavaScript when there is something to take. Closed by close(), or with its
/// environment.
class Listener {
  public:
    static Listener* open(napi_env env, fluentsync_workspace* workspace, size_t capacity, napi_value ready);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    fluentsync_events* queue() const { return queue_; }
    void reference(napi_env env, bool referenced) { wake_->reference(env, referenced); }

  private:
    Listener() = default;
    static void ready(void* userdata);
    static void forget(void* userdata);
    static void awake(napi_env env, napi_value callback, void* owner);

    fluentsync_events* queue_ = nullptr;
    std::shared_ptr<Wake> wake_;
};

}  // namespace fluentsync_node
