#include <memory>
#include <system_error>
#include <thread>

#include "instance.hpp"
#include "value.hpp"

namespace fluentsync_node {

namespace {

/// What a call that waits takes and gives. A result is one of string, count, handle.
struct Exchange {
    void* handle = nullptr;
    std::string text;
    fluentsync_string* string = nullptr;
    int64_t count = 0;
    fluentsync_workspace* opened = nullptr;
    fluentsync_error* error = nullptr;
};

using Function = int (*)(Exchange&);

template <class Handle>
Handle* on(Exchange& exchange) {
    return static_cast<Handle*>(exchange.handle);
}

template <class Handle, int (*function)(Handle*, fluentsync_error**)>
int plain(Exchange& x) {
    return function(on<Handle>(x), &x.error);
}

template <class Handle, int (*function)(Handle*, int64_t*, fluentsync_error**)>
int counted(Exchange& x) {
    return function(on<Handle>(x), &x.count, &x.error);
}

template <class Handle, int (*function)(Handle*, fluentsync_string**, fluentsync_error**)>
int told(Exchange& x) {
    return function(on<Handle>(x), &x.string, &x.error);
}

int open_workspace(Exchange& x) {
    return fluentsync_workspace_open(nullptr, x.text.data(), x.text.size(), nullptr, nullptr, nullptr,
                                     &x.opened, &x.error);
}

int commit(Exchange& x) {
    return fluentsync_git_commit(on<fluentsync_git>(x), x.text.data(), x.text.size(), &x.string, &x.error);
}

const struct {
    const char* name;
    Function function;
} functions[] = {
    {"open", open_workspace},
    {"close", plain<fluentsync_workspace, fluentsync_workspace_close>},
    {"start", plain<fluentsync_workspace, fluentsync_workspace_start>},
    {"stop", plain<fluentsync_workspace, fluentsync_workspace_stop>},
    {"sync", plain<fluentsync_workspace, fluentsync_workspace_sync>},
    {"verify", told<fluentsync_workspace, fluentsync_workspace_verify>},
    {"flush", plain<fluentsync_directory, fluentsync_directory_flush>},
    {"exportAll", counted<fluentsync_directory, fluentsync_directory_export_all>},
    {"importAll", counted<fluentsync_directory, fluentsync_directory_import_all>},
    {"commit", commit},
    {"pull", told<fluentsync_git, fluentsync_git_pull>},
    {"push", told<fluentsync_git, fluentsync_git_push>},
    {"gitSync", plain<fluentsync_git, fluentsync_git_sync>},
};

Function named(const std::string& name) {
    for (const auto& each : functions)
        if (name == each.name) return each.function;
    return nullptr;
}

}  // namespace

/// A call that waits, on a thread of its own: libuv's few are the host's, and a remote that hangs would hold
/// them.
class Call {
  public:
    Call(Function function, Exchange exchange) : function_(function), exchange_(std::move(exchange)) {}

    /// `callback(error, result)` is called once; the process lives until then. False with an exception
    /// pending.
    bool begin(napi_env env, napi_value callback) {
        wake_ = Wake::make(env, callback, done, this, true);
        if (wake_ == nullptr) return false;
        try {
            thread_ = std::thread([this, wake = wake_] {
                status_ = function_(exchange_);
                wake->wake();
            });
        } catch (const std::system_error&) {
            wake_->release();
            return succeeded(env, FLUENTSYNC_INTERNAL, exchange_.error);
        }
        Instance::of(env).calls.insert(this);
        return true;
    }

    /// The environment has ended: nobody hears the result.
    void give_up() {
        thread_.join();
        if (exchange_.opened != nullptr) fluentsync_workspace_close(exchange_.opened, nullptr);
        fluentsync_string_free(exchange_.string);
        fluentsync_error_free(exchange_.error);
    }

  private:
    static void done(napi_env env, napi_value callback, void* owner) {
        const std::unique_ptr<Call> call(static_cast<Call*>(owner));
        call->thread_.join();
        Instance::of(env).calls.erase(call.get());
        call->wake_->release();
        napi_value arguments[] = {undefined(env), undefined(env)};
        if (call->status_ != FLUENTSYNC_OK)
            arguments[0] = error_value(env, call->status_, call->exchange_.error);
        else
            arguments[1] = call->result(env);
        napi_call_function(env, undefined(env), callback, 2, arguments, nullptr);
    }

    napi_value result(napi_env env) {
        Instance& instance = Instance::of(env);
        if (function_ == named("close")) instance.workspaces.erase(on<fluentsync_workspace>(exchange_));
        if (exchange_.opened != nullptr) {
            instance.workspaces.insert(exchange_.opened);
            return external(env, exchange_.opened);
        }
        return exchange_.string != nullptr ? taken(env, exchange_.string) : number(env, exchange_.count);
    }

    Function function_;
    Exchange exchange_;
    int status_ = FLUENTSYNC_OK;
    std::shared_ptr<Wake> wake_;
    std::thread thread_;
};

void join_calls(Instance& instance) {
    for (Call* call : instance.calls) {
        call->give_up();
        delete call;
    }
    instance.calls.clear();
}

namespace {

/// wait(name, handle, text, callback)
napi_value wait(napi_env env, napi_callback_info info) {
    const Arguments arguments(env, info);
    Exchange exchange;
    exchange.handle = arguments.handle<void>(1);
    exchange.text = arguments.text(2);
    auto call = std::make_unique<Call>(named(arguments.text(0)), std::move(exchange));
    if (call->begin(env, arguments.at(3))) static_cast<void>(call.release());
    return undefined(env);
}

}  // namespace

void define_calls(napi_env env, napi_value exports) {
    define(env, exports, "wait", wait);
}

}  // namespace fluentsync_node
