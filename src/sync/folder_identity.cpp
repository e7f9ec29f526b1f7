#include "sync/folder_identity.hpp"

#include <fmt/format.h>

#include "store/change_log.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/export_log.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kFolderId = "folder_id";
constexpr const char* kFolderPath = "folder_path";
constexpr const char* kHeldCount = "held_deletions";
constexpr const char* kConfirmed = "deletions_confirmed";

struct Known {
    std::string id;
    std::string path;
};

Known known_folder(const SyncContext& context) {
    Known known;
    context.store.read([&](store::Connection& connection) {
        known.id = store::get_value(connection, kFolderId).value_or("");
        known.path = store::get_value(connection, kFolderPath).value_or("");
    });
    return known;
}

void remember(const SyncContext& context, const std::string& id, const std::string& path) {
    context.store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        store::set_value(writer.connection(), kFolderId, id);
        store::set_value(writer.connection(), kFolderPath, path);
    });
}

void start_afresh(SyncContext& context) {
    context.store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        store::clear_ledger(writer.connection());
        store::set_value(writer.connection(), "head", std::nullopt);
        store::set_value(writer.connection(), "index_tree", std::nullopt);
        store::set_value(writer.connection(), "index_next", std::nullopt);
        store::set_value(writer.connection(), kHeldCount, std::nullopt);
        store::set_value(writer.connection(), kConfirmed, std::nullopt);
    });
    request_export_of_everything(context);
}

[[noreturn]] void refuse_folder(const SyncContext& context, const std::string& path) {
    context.store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        const std::int64_t rows = store::count_rows(writer.connection(), false);
        store::set_value(writer.connection(), kHeldCount, std::to_string(std::max<std::int64_t>(rows, 1)));
    });
    throw Error(ErrorCode::root_unverified,
                fmt::format("{} is not the folder this database knows (its marker .fluentsync/folder-id is "
                            "missing or another): "
                            "mount or restore it, or confirm to start afresh with it as it is",
                            path),
                path);
}

}  // namespace

FolderClaim claim_folder(SyncContext& context) {
    FolderClaim result;
    result.folder = runtime::open_folder(context.options.sync_path, true);
    const std::string path = result.folder->absolute_path();
    const Known known = known_folder(context);
    const bool same = !known.id.empty() && files::RootClaim::read_marker(*result.folder) == known.id;
    if (!known.id.empty() && !same && known.path == path && !confirmation_waits(context)) {
        refuse_folder(context, path);
    }
    result.claim = std::make_unique<files::RootClaim>(result.folder, true);
    if (!known.id.empty() && !same) {
        start_afresh(context);
    }
    if (!same || known.path != path) {
        remember(context, result.claim->id(), path);
    }
    return result;
}

bool reclaim_folder(SyncContext& context, std::unique_ptr<files::RootClaim>& claim) {
    try {
        auto folder = runtime::open_folder(context.options.sync_path, false);
        if (files::RootClaim::read_marker(*folder) != known_folder(context).id) {
            return false;
        }
        claim.reset();
        claim = std::make_unique<files::RootClaim>(folder, false);
        context.folder = folder;
        return true;
    } catch (const Error&) {
        return false;  // Still gone; the caller looks again later.
    }
}

void load_holds(SyncContext& context) {
    context.store.read([&](store::Connection& connection) {
        for (Held& held : store::list_holds(connection)) {
            if (held.code != ErrorCode::repository) {  // Those are entries of git's tree, not files here.
                context.holds.insert(std::move(held.path));
            }
        }
        if (const auto count = store::get_value(connection, kHeldCount)) {
            context.told_held_deletions = std::stoll(*count);
        }
    });
}

bool confirmation_waits(const SyncContext& context) {
    bool waits = false;
    context.store.read(
        [&](store::Connection& connection) { waits = store::get_value(connection, kConfirmed) == "1"; });
    return waits;
}

bool missing_wait(const SyncContext& context) {
    for (const std::string& path : context.missing.waiting()) {
        if (context.held_deletions.count(path) == 0) {
            return true;
        }
    }
    return false;
}

std::int64_t count_pending_exports(const SyncContext& context, const std::set<std::string>& left_out) {
    std::int64_t count = 0;
    context.store.read([&](store::Connection& connection) {
        std::set<std::string> held = left_out;
        for (Held& one : store::list_holds(connection)) {
            held.insert(std::move(one.path));
        }
        if (context.types.empty() && held.empty()) {
            count = store::count_changes(connection);
            return;
        }
        for (const store::Change& change : store::pending_changes(connection, 0, SIZE_MAX)) {
            if (!context.takes_type(change.key.type)) {
                continue;
            }
            try {
                count += held.count(context.paths.to_path(change.key)) == 0 ? 1 : 0;
            } catch (const Error&) {
                continue;  // Held: the key has no path.
            }
        }
    });
    return count;
}

}  // namespace fluentsync::sync
