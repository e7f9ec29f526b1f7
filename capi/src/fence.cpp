#include "fence.hpp"

#include <new>

#include "values.hpp"

namespace fluentsync::capi {
namespace {

int tell(fluentsync_error** error, const Error& what) {
    const int status = static_cast<int>(what.code());
    if (error != nullptr) *error = give<fluentsync_error>(what);
    return status;
}

int translate(fluentsync_error** error) {
    try {
        throw;
    } catch (const Error& what) {
        return tell(error, what);
    } catch (const std::bad_alloc&) {
        return tell(error, Error(ErrorCode::internal, "out of memory"));
    } catch (const std::exception& what) {
        return tell(error, Error(ErrorCode::internal, what.what()));
    } catch (...) {
        return tell(error, Error(ErrorCode::internal, "something was thrown that is no std::exception"));
    }
}

}  // namespace

int report(fluentsync_error** error) noexcept {
    try {
        return translate(error);
    } catch (...) {
        return FLUENTSYNC_INTERNAL;  // No memory for the error itself.
    }
}

}  // namespace fluentsync::capi
