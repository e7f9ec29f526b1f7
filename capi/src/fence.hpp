/// The one fence: no exception leaves a C function.
#pragma once

#include <utility>

#include "fluentsync/fluentsync.h"

namespace fluentsync::capi {

/// In a catch block: the status of the exception in flight, and its error object where the caller wants one.
int report(fluentsync_error** error) noexcept;

template <class Work>
int fence(fluentsync_error** error, Work&& work) noexcept {
    if (error != nullptr) *error = nullptr;
    try {
        std::forward<Work>(work)();
        return FLUENTSYNC_OK;
    } catch (...) {
        return report(error);
    }
}

}  // namespace fluentsync::capi
