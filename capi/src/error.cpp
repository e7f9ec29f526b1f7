#include "fence.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

static_assert(static_cast<int>(ErrorCode::invalid_argument) == FLUENTSYNC_INVALID_ARGUMENT);
static_assert(static_cast<int>(ErrorCode::busy) == FLUENTSYNC_BUSY);
static_assert(static_cast<int>(ErrorCode::push_rejected) == FLUENTSYNC_PUSH_REJECTED);
static_assert(static_cast<int>(ErrorCode::internal) == FLUENTSYNC_INTERNAL);
static_assert(static_cast<int>(ErrorCode::database_gone) == FLUENTSYNC_DATABASE_GONE);

int fluentsync_error_code(const fluentsync_error* error) {
    return error != nullptr ? static_cast<int>(value_of(error)->code()) : FLUENTSYNC_OK;
}

const char* fluentsync_error_message(const fluentsync_error* error, size_t* length) {
    return show(error != nullptr ? value_of(error)->what() : "", length);
}

const char* fluentsync_error_path(const fluentsync_error* error, size_t* length) {
    return show(
        error, length, [](const Error& what) -> auto& { return what.path(); });
}

int fluentsync_error_retryable(const fluentsync_error* error) {
    return error != nullptr && value_of(error)->retryable() ? 1 : 0;
}

void fluentsync_error_free(fluentsync_error* error) {
    take_back(error);
}

const char* fluentsync_code_name(int code) {
    return error_code_name(static_cast<ErrorCode>(code));
}
