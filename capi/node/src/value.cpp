#include "value.hpp"

#include "instance.hpp"

namespace fluentsync_node {

void define(napi_env env, napi_value exports, const char* name, napi_callback function) {
    napi_value made = nullptr;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &made);
    napi_set_named_property(env, exports, name, made);
}

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = most;
    napi_get_cb_info(env, info, &count, values_, nullptr, nullptr);
}

std::string Arguments::text(size_t index) const {
    return text_of(env_, values_[index]);
}

int64_t Arguments::number(size_t index) const {
    int64_t value = 0;
    napi_get_value_int64(env_, values_[index], &value);
    return value;
}

bool Arguments::flag(size_t index) const {
    bool value = false;
    napi_get_value_bool(env_, values_[index], &value);
    return value;
}

void* Arguments::external(size_t index) const {
    void* value = nullptr;
    napi_get_value_external(env_, values_[index], &value);
    return value;
}

std::string text_of(napi_env env, napi_value value) {
    char brief[512];
    size_t length = 0;
    if (napi_get_value_string_utf8(env, value, brief, sizeof brief, &length) != napi_ok) {
        void* data = nullptr;
        napi_get_buffer_info(env, value, &data, &length);
        return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), length);
    }
    // A character that does not fit is left out whole, so up to three bytes may be free where the text was
    // cut.
    if (length + 4 < sizeof brief) return {brief, length};
    napi_get_value_string_utf8(env, value, nullptr, 0, &length);
    std::string text(length, '\0');
    napi_get_value_string_utf8(env, value, text.data(), length + 1, &length);
    return text;
}

napi_value undefined(napi_env env) {
    napi_value value = nullptr;
    napi_get_undefined(env, &value);
    return value;
}

napi_value text(napi_env env, const char* data, size_t length) {
    napi_value value = nullptr;
    napi_create_string_utf8(env, data, length, &value);
    return value;
}

napi_value bytes(napi_env env, const char* data, size_t length) {
    napi_value value = nullptr;
    napi_create_buffer_copy(env, length, data, nullptr, &value);
    return value;
}

napi_value number(napi_env env, int64_t value) {
    napi_value made = nullptr;
    napi_create_int64(env, value, &made);
    return made;
}

napi_value flag(napi_env env, bool value) {
    napi_value made = nullptr;
    napi_get_boolean(env, value, &made);
    return made;
}

napi_value external(napi_env env, void* handle) {
    napi_value value = nullptr;
    napi_create_external(env, handle, nullptr, nullptr, &value);
    return value;
}

napi_value taken(napi_env env, fluentsync_string* string) {
    if (string == nullptr) return undefined(env);
    size_t length = 0;
    const char* data = fluentsync_string_data(string, &length);
    napi_value value = text(env, data, length);
    fluentsync_string_free(string);
    return value;
}

napi_value error_value(napi_env env, int status, fluentsync_error* error) {
    const char* name = fluentsync_code_name(status);
    size_t length = 0;
    const char* message = error == nullptr ? name : fluentsync_error_message(error, nullptr);
    const char* path = fluentsync_error_path(error, &length);
    napi_value arguments[] = {text(env, name, NAPI_AUTO_LENGTH), text(env, message, NAPI_AUTO_LENGTH),
                              text(env, path, length), flag(env, fluentsync_error_retryable(error) != 0)};
    napi_value make = nullptr;
    napi_value made = nullptr;
    napi_get_reference_value(env, Instance::of(env).make_error, &make);
    napi_call_function(env, undefined(env), make, 4, arguments, &made);
    fluentsync_error_free(error);
    return made;
}

bool succeeded(napi_env env, int status, fluentsync_error*& error) {
    if (status == FLUENTSYNC_OK) return true;
    napi_value made = error_value(env, status, error);
    if (made != nullptr) napi_throw(env, made);
    return false;
}

}  // namespace fluentsync_node
