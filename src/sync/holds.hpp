/// Files that cannot be exchanged as they are: kept on a list, told with the reason, and let go when mended.
#pragma once

#include <string>

#include "fluentsync/status.hpp"
#include "store/store_body.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

/// Holds a path, or lets one go that is in order again: what HEAD has at it may still be over the limit. Told
/// once. The context knows of it after the commit.
void hold_path(SyncContext& context, store::StoreBody::EntityWriter& writer, const Held& held);
void release_path(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path);
void tell_held(store::StoreBody::EntityWriter& writer, const Held& held);
/// Lets one go whose file has moved on, whatever HEAD has.
void release_changed(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path);
/// The same, of a path that may be held for HEAD's sake alone.
void release_held(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path);

}  // namespace fluentsync::sync
