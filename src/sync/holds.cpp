#include "sync/holds.hpp"

#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/outgrown.hpp"
#include "sync/settle_item.hpp"

namespace fluentsync::sync {

void tell_held(store::StoreBody::EntityWriter& writer, const Held& held) {
    Event event = path_event(EventKind::file_held, held.path);
    event.code = held.code;
    event.message = held.reason;
    writer.publish(std::move(event));
}

void hold_path(SyncContext& context, store::StoreBody::EntityWriter& writer, const Held& held) {
    writer.after_commit([&context, path = held.path] { context.holds.insert(path); });
    if (store::save_hold(writer.connection(), held)) {
        tell_held(writer, held);
    }
}

namespace {

/// While the path was held a pull may have brought HEAD one, which got no row then.
void know_head(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path) {
    auto row = store::find_row(writer.connection(), path);
    if (row && !row->committed) {
        row->committed = context.committed_at_head(*row);
        store::save_row(writer.connection(), *row);
    }
}

void tell_released(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path) {
    if (store::clear_hold(writer.connection(), path)) {
        writer.publish(path_event(EventKind::file_released, path));
        know_head(context, writer, path);
    }
}

}  // namespace

void release_changed(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path) {
    if (context.holds.count(path) > 0 || context.outgrown.count(path) > 0) {
        release_held(context, writer, path);
    }
}

void release_path(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path) {
    if (context.holds.count(path) == 0) {
        return;
    }
    writer.after_commit([&context, path] { context.holds.erase(path); });
    const auto outgrown = outgrown_reason(writer.connection(), path);
    if (!outgrown) {
        tell_released(context, writer, path);
        return;
    }
    const Held held{path, ErrorCode::repository, *outgrown, context.store.clock().wall_ms()};
    if (store::save_hold(writer.connection(), held)) {
        tell_held(writer, held);
    }
}

void release_held(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path) {
    writer.after_commit([&context, path] {
        context.holds.erase(path);
        context.outgrown.erase(path);
    });
    if (context.outgrown.count(path) > 0) {
        clear_outgrown(writer.connection(), path);
    }
    tell_released(context, writer, path);
}

}  // namespace fluentsync::sync
