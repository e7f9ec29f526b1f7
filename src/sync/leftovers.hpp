/// What a crash left in the folder's .fluentsync/tmp, and edits that lost their place to a still later one.
#pragma once

#include <string>

#include "sync/context.hpp"

namespace fluentsync::sync {

/// Right after the claim: removes temporaries whose content is known here, keeps the others as rescued edits.
void clean_leftovers(const SyncContext& context);

/// Ledger rows that lead out of the folder: somebody has written them by hand. They are erased, and told.
void erase_unfit_rows(const SyncContext& context);

/// Tells that an edit of `path` (may be empty: unknown) is kept at `kept`.
void tell_rescued(const SyncContext& context, const std::string& path, const std::string& kept);

}  // namespace fluentsync::sync
