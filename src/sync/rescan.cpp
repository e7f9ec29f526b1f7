#include "sync/rescan.hpp"

#include "files/scan.hpp"
#include "store/ledger.hpp"
#include "sync/observation.hpp"

namespace fluentsync::sync {

namespace {

files::ScanResult walk(SyncContext& context, const std::string& folder, const FolderHook& hook) {
    const auto enter = [&](const std::string& name) {
        if (!enters_folder(*context.folder, name)) {
            return false;
        }
        if (hook) {
            hook(name);
        }
        return true;
    };
    return files::scan(*context.folder, folder, enter, context.pool);
}

bool untouched(const store::LedgerRow& row, const runtime::FileStat& stat) {
    return stat.kind == runtime::FileKind::regular && row.signature == signature_of(stat, false) &&
           row.executable == stat.executable;
}

}  // namespace

bool enters_folder(const runtime::Folder& root, const std::string& folder) {
    return folder.empty() || (!codec::excluded_folder(folder) && !root.stat(folder + "/.git").exists());
}

/// Both lists are in byte order of path, so one pass pairs them.
std::vector<std::string> changed_since_ledger(SyncContext& context, const FolderHook& hook) {
    const files::ScanResult scan = walk(context, "", hook);
    std::vector<std::string> changed;
    std::set<std::string> held_and_gone = context.holds;
    auto found = scan.files.begin();
    const auto take_new = [&] {
        held_and_gone.erase(found->path);
        changed.push_back(found->path);
        ++found;
    };
    context.store.read([&](store::Connection& connection) {
        store::for_each_row(connection, [&](const store::LedgerRow& row) {
            while (found != scan.files.end() && found->path < row.path) {
                take_new();
            }
            if (found == scan.files.end() || found->path != row.path) {
                changed.push_back(row.path);
                return;
            }
            // A plain file may be an entity's by now: entity_types has changed.
            const bool regarded_anew =
                !row.entity && context.classify(row.path).kind == codec::PathKind::entity;
            if (regarded_anew || !untouched(row, found->stat) || context.holds.count(row.path) > 0) {
                changed.push_back(row.path);
            } else {
                context.missing.clear(row.path);
            }
            ++found;
        });
    });
    while (found != scan.files.end()) {
        take_new();
    }
    changed.insert(changed.end(), held_and_gone.begin(), held_and_gone.end());
    return changed;
}

std::vector<std::string> files_below(SyncContext& context, const std::string& folder,
                                     const FolderHook& hook) {
    std::vector<std::string> paths;
    if (!enters_folder(*context.folder, folder)) {
        return paths;
    }
    if (hook) {
        hook(folder);
    }
    for (files::FoundFile& file : walk(context, folder, hook).files) {
        paths.push_back(std::move(file.path));
    }
    return paths;
}

}  // namespace fluentsync::sync
