#include "sync/folder_identity.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "store/change_log.hpp"
#include "store/held_deletions.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/export_log.hpp"
#include "sync/outgrown.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kFolderId = "folder_id";
constexpr const char* kFolderPath = "folder_path";
constexpr const char* kFolderLayout = "folder_layout";

struct Known {
    std::string id;
    std::string path;
    std::string layout;    ///< Which its files were named by.
    bool refused = false;  ///< Another folder stood at its path at the last look.
};

Known known_folder(const store::StoreBody& store) {
    Known known;
    store.read([&](store::Connection& connection) {
        known.id = store::get_value(connection, kFolderId).value_or("");
        known.path = store::get_value(connection, kFolderPath).value_or("");
        known.layout = store::get_value(connection, kFolderLayout).value_or("");
        known.refused = store::has_refused_folder(connection);
    });
    return known;
}

const char* layout_of(const SyncContext& context) {
    return context.options.layout == Layout::flat ? "flat" : "sharded";
}

void remember(const SyncContext& context, const std::string& id, const std::string& path) {
    context.store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        if (store::get_value(writer.connection(), kFolderId) != id) {
            store::forget_passed_versions(writer.connection());  // No export of ours was placed in it.
        }
        store::set_value(writer.connection(), kFolderId, id);
        store::set_value(writer.connection(), kFolderPath, path);
        store::set_value(writer.connection(), kFolderLayout, layout_of(context));
        store::forget_refused_folder(writer.connection());
    });
}

void start_afresh(SyncContext& context) {
    context.held_deletions.clear();
    context.told_held_deletions.clear();
    context.store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        store::clear_ledger(writer.connection());
        for (const Held& held : store::list_holds(writer.connection())) {
            if (held.code == ErrorCode::repository) {  // Of what git had for the folder before.
                store::clear_hold(writer.connection(), held.path);
            }
        }
        // Whatever else is noted by name is about the folder's files, its HEAD, its index or its pulls.
        store::forget_values_but(writer.connection(), {kFolderId, kFolderPath, kFolderLayout,
                                                       store::kRefusedFolder, store::kConfirmedFolder});
    });
    context.outgrown.clear();
    request_export_of_everything(context);
}

/// This very folder as it is: one that is put in its place later is another.
std::string name_of(const runtime::Folder& folder) {
    const runtime::FileStat stat = folder.identity();
    return fmt::format("{}:{} {}", stat.device, stat.inode, files::RootClaim::read_marker(folder));
}

/// In the place of name_of(), where there is no folder at all.
constexpr const char* kNothing = "nothing";

bool is_confirmed(const SyncContext& context, const std::string& name) {
    bool confirmed = false;
    context.store.read(
        [&](store::Connection& connection) { confirmed = store::folder_is_confirmed(connection, name); });
    return confirmed;
}

std::string fault_of(const std::string& path) {
    return fmt::format(
        "{} is not the folder this database knows (its marker .fluentsync/folder-id is missing "
        "or another): mount or restore it, or confirm to start afresh with it as it is",
        path);
}

[[noreturn]] void refuse_folder(const SyncContext& context, const std::string& name, const std::string& path,
                                const std::string& fault) {
    context.store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        store::note_refused_folder(writer.connection(), name, store::count_rows(writer.connection(), false));
    });
    throw Error(ErrorCode::root_unverified, fault, path);
}

/// A folder that should be there and is not is not made: it may be on a disk that is not mounted, and an
/// empty one would be in the way of whoever brings it back. True: somebody said yes to an empty one.
bool may_replace_missing(const SyncContext& context, const Known& known) {
    const auto missing = runtime::missing_folder(context.options.sync_path);
    if (known.id.empty() || missing != known.path) {
        return false;
    }
    if (is_confirmed(context, kNothing)) {
        return true;
    }
    refuse_folder(
        context, kNothing, known.path,
        fmt::format("the folder {} is gone: mount or restore it, or confirm to start afresh with an "
                    "empty one",
                    known.path));
}

/// As a plain file the database would be read (whose close drops SQLite's locks), committed, and replaced by
/// another machine's.
void refuse_database_inside(const SyncContext& context) {
    std::error_code no_folder;
    std::error_code no_database;
    const auto folder = std::filesystem::weakly_canonical(context.options.sync_path, no_folder);
    const auto database = std::filesystem::weakly_canonical(context.store.database().path(), no_database);
    const auto inside = database.lexically_relative(folder);
    if (no_folder || no_database || inside.empty() || *inside.begin() == ".." ||
        *inside.begin() == ".fluentsync") {
        return;
    }
    throw Error(
        ErrorCode::invalid_options,
        fmt::format("store.path {} lies inside the synchronised folder: put it elsewhere, or into its "
                    ".fluentsync/",
                    database.string()),
        database.string());
}

/// By another layout each file would be another entity's, or nobody's.
void refuse_other_layout(const SyncContext& context, const Known& known, const std::string& path) {
    if (known.layout.empty() || known.layout == layout_of(context)) {
        return;
    }
    std::int64_t entities = 0;
    context.store.read(
        [&](store::Connection& connection) { entities = store::count_rows(connection, true); });
    if (entities > 0) {
        throw Error(
            ErrorCode::invalid_options,
            fmt::format(
                "directory.layout is \"{}\", but {} was filled by \"{}\": set it back, or name another, "
                "empty folder as directory.syncPath, which all entities are exported to",
                layout_of(context), path, known.layout),
            path);
    }
}

}  // namespace

FolderClaim claim_folder(SyncContext& context) {
    refuse_database_inside(context);
    FolderClaim result;
    const Known known = known_folder(context.store);
    const bool replaces_missing = may_replace_missing(context, known);
    result.folder = runtime::open_folder(context.options.sync_path, true);
    const std::string path = result.folder->absolute_path();
    const bool same = !known.id.empty() && files::RootClaim::read_marker(*result.folder) == known.id;
    if (same) {
        refuse_other_layout(context, known, path);
    }
    const std::string name = name_of(*result.folder);
    if (!known.id.empty() && !same && known.path == path && !replaces_missing &&
        !is_confirmed(context, name)) {
        refuse_folder(context, name, path, fault_of(path));
    }
    result.claim = std::make_unique<files::RootClaim>(result.folder, true);
    if (!known.id.empty() && !same) {
        start_afresh(context);
    }
    if (!same || known.path != path || known.layout != layout_of(context) || known.refused) {
        remember(context, result.claim->id(), path);
    }
    return result;
}

FolderLook look_at_folder(const SyncContext& context) {
    const Known known = known_folder(context.store);
    if (known.id.empty()) {
        return {};
    }
    try {
        const auto folder = runtime::open_folder(context.options.sync_path, false);
        if (files::RootClaim::read_marker(*folder) == known.id) {
            return {true, {}};
        }
        const std::string path = folder->absolute_path();
        return {false, path == known.path ? fault_of(path) : std::string()};
    } catch (const Error& error) {
        return {false, error.what()};
    }
}

bool is_known_folder(const store::StoreBody& store, const std::string& path) {
    const Known known = known_folder(store);
    try {
        return known.id.empty() ||
               files::RootClaim::read_marker(*runtime::open_folder(path, false)) == known.id;
    } catch (const Error&) {
        return false;
    }
}

bool reclaim_folder(SyncContext& context, std::unique_ptr<files::RootClaim>& claim) {
    try {
        auto folder = runtime::open_folder(context.options.sync_path, false);
        if (files::RootClaim::read_marker(*folder) != known_folder(context.store).id) {
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
        for (std::string& path : outgrown_files(connection)) {
            context.outgrown.insert(std::move(path));
        }
        for (Held& held : store::list_holds(connection)) {
            if (held.code != ErrorCode::repository) {
                context.holds.insert(std::move(held.path));
            } else if (held.reason.rfind(kOverLimit, 0) ==
                       0) {  // The others are entries of git's tree alone.
                context.outgrown.insert(std::move(held.path));
            }
        }
        context.told_held_deletions = store::held_deletions(connection);
    });
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
                const std::string path = context.paths.to_path(change.key);
                count += held.count(path) == 0 && !context.mounts.hide(path) ? 1 : 0;
            } catch (const Error&) {
                continue;  // Held: the key has no path.
            }
        }
    });
    return count;
}

}  // namespace fluentsync::sync
