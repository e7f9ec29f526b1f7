#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fluentsync/fluentsync.h>
#include <node_api.h>

/// From JavaScript's values to the C API's and back. The callers are our own modules, which have checked the
/// types.
namespace fluentsync_node {

void define(napi_env env, napi_value exports, const char* name, napi_callback function);

/// A call's arguments. What is missing is undefined.
class Arguments {
  public:
    Arguments(napi_env env, napi_callback_info info);
    napi_value at(size_t index) const { return values_[index]; }
    /// UTF-8, of a string or a Uint8Array.
    std::string text(size_t index) const;
    int64_t number(size_t index) const;
    bool flag(size_t index) const;
    template <class Handle>
    Handle* handle(size_t index) const {
        return static_cast<Handle*>(external(index));
    }

  private:
    void* external(size_t index) const;

    static constexpr size_t most = 8;
    napi_env env_;
    napi_value values_[most];
};

std::string text_of(napi_env env, napi_value value);

napi_value undefined(napi_env env);
napi_value text(napi_env env, const char* data, size_t length);
napi_value bytes(napi_env env, const char* data, size_t length);
napi_value number(napi_env env, int64_t value);
napi_value flag(napi_env env, bool value);
napi_value external(napi_env env, void* handle);
/// Frees the string. NULL is undefined.
napi_value taken(napi_env env, fluentsync_string* string);

/// A getter of the C API as a JavaScript string.
template <class Value>
napi_value got(napi_env env, const char* (*getter)(const Value*, size_t*), const Value* value) {
    size_t length = 0;
    const char* data = getter(value, &length);
    return text(env, data, length);
}

/// A flat array: the modules make objects of it, so that many of them cross the border in one call.
class Row {
  public:
    explicit Row(napi_env env) : env_(env) { napi_create_array(env, &array_); }
    void add(napi_value value) { napi_set_element(env_, array_, next_++, value); }
    napi_value value() const { return array_; }

  private:
    napi_env env_;
    napi_value array_ = nullptr;
    uint32_t next_ = 0;
};

/// The error object that the modules make of a failure; frees `error`.
napi_value error_value(napi_env env, int status, fluentsync_error* error);
/// Throws it when `status` is a failure. Whether it was none. By reference: the call may stand in the
/// argument before.
bool succeeded(napi_env env, int status, fluentsync_error*& error);

}  // namespace fluentsync_node
