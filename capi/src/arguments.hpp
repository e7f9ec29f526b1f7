/// What comes in and goes out through a C function's parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "fluentsync/entity.hpp"
#include "fluentsync/error.hpp"
#include "fluentsync/fluentsync.h"

namespace fluentsync::capi {

[[noreturn]] inline void refuse_null(const char* name) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is NULL");
}

/// A string parameter; `name` is what the error calls it.
inline std::string text(const char* data, std::size_t length, const char* name) {
    if (data == nullptr && length != 0) refuse_null(name);
    if (data == nullptr) return {};
    if (length == FLUENTSYNC_NUL_TERMINATED) length = std::strlen(data);
    if (length > PTRDIFF_MAX) {
        throw Error(ErrorCode::invalid_argument, std::string(name) + " has an impossible length");
    }
    return {data, length};
}

/// An out-parameter that must be there, emptied.
template <class T>
T& required(T* out, const char* name) {
    if (out == nullptr) refuse_null(name);
    *out = T{};
    return *out;
}

/// An out-parameter that may be NULL: what it points to, emptied, or nowhere.
template <class T>
class Optional {
  public:
    explicit Optional(T* out) : out_(out) {
        if (out_ != nullptr) *out_ = T{};
    }
    /// `make` runs only when somebody wants to know.
    template <class Make>
    void set(const Make& make) const {
        if (out_ != nullptr) *out_ = make();
    }

  private:
    T* out_;
};

inline PutOptions expecting(std::int64_t version) {
    if (version < FLUENTSYNC_ANY_VERSION) {
        throw Error(
            ErrorCode::invalid_argument,
            "an expected version is 0 or more, or FLUENTSYNC_ANY_VERSION, not " + std::to_string(version));
    }
    PutOptions options;
    if (version != FLUENTSYNC_ANY_VERSION) options.expected_version = version;
    return options;
}

/// Userdata with its free function: freed when the last copy goes.
inline std::shared_ptr<void> keep(void* userdata, fluentsync_free_function free_userdata) {
    return {userdata, [free_userdata](void* pointer) {
                if (free_userdata != nullptr) free_userdata(pointer);
            }};
}

}  // namespace fluentsync::capi
