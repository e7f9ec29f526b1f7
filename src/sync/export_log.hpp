/// Drives the exporter from the change log.
#pragma once

#include <functional>

#include "sync/settle.hpp"

namespace fluentsync::sync {

/// Settles every entity the change log names, in batches, each log row once. A row whose key has no path is
/// held.
void export_pending(SyncContext& context, Settler& settler);

/// Settles every entity of the store.
void export_everything(SyncContext& context, Settler& settler);

/// Puts every entity into the change log: the folder is a new one.
void request_export_of_everything(SyncContext& context);

}  // namespace fluentsync::sync
