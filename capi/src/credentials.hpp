/// The host's credentials callback as the C++ API calls it.
#pragma once

#include <memory>

#include "fluentsync/fluentsync.h"
#include "fluentsync/options.hpp"

namespace fluentsync::capi {

/// `ask` may be null: then there are none.
CredentialsCallback credentials_callback(fluentsync_credentials_callback ask, std::shared_ptr<void> userdata);

}  // namespace fluentsync::capi
