/// Recomputes store, files, index and HEAD from scratch and compares.
#pragma once

#include <optional>

#include "fluentsync/options.hpp"
#include "fluentsync/status.hpp"
#include "store/store_body.hpp"

namespace fluentsync::sync {

/// Trusts no stat and no stored hash: every entity and file is hashed anew. Changes nothing and takes no
/// ownership, so it may run beside the owning process (and then sees what is on its way as drift).
VerifyReport verify(store::StoreBody& store, const DirectoryOptions& directory, bool with_git);

}  // namespace fluentsync::sync
