#include "sync/rescan.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include "store/ledger.hpp"
#include "sync/barred_folder.hpp"
#include "sync/observation.hpp"

namespace fluentsync::sync {

namespace {

bool untouched(const store::LedgerRow& row, const runtime::FileStat& stat) {
    return stat.kind == runtime::FileKind::regular && row.signature == signature_of(stat, false) &&
           row.executable == stat.executable;
}

/// Walks; the folders that bar files are held.
Walk find_files(SyncContext& context, const std::string& folder, const FolderHook& hook) {
    Walk found = enters_folder(*context.folder, folder) ? walk(context, folder, hook) : Walk{{}, {folder}};
    hold_barred(context, found.barred);
    return found;
}

}  // namespace

bool enters_folder(const runtime::Folder& root, const std::string& folder) {
    return folder.empty() || (!codec::excluded_folder(folder) && !is_barred(root, folder));
}

Walk walk(SyncContext& context, const std::string& folder, const FolderHook& hook) {
    Walk result;
    std::mutex mutex;
    const auto enter = [&](const std::string& name) {
        if (codec::excluded_folder(name)) {
            return false;
        }
        if (hook) {
            hook(name);  // Also where the walk ends, so that a repository is seen to go.
        }
        if (!is_barred(*context.folder, name)) {
            return true;
        }
        const std::lock_guard lock(mutex);
        result.barred.push_back(name);
        return false;
    };
    files::ScanResult found = files::scan(*context.folder, folder, enter, context.pool);
    result.files = std::move(found.files);
    std::move(found.unreadable.begin(), found.unreadable.end(), std::back_inserter(result.barred));
    return result;
}

/// Both lists are in byte order of path, so one pass pairs them.
std::vector<std::string> changed_since_ledger(SyncContext& context, const FolderHook& hook) {
    const std::vector<files::FoundFile> files = find_files(context, "", hook).files;
    std::vector<std::string> changed;
    std::set<std::string> held_and_gone = context.holds;
    auto found = files.begin();
    const auto take_new = [&] {
        held_and_gone.erase(found->path);
        changed.push_back(found->path);
        ++found;
    };
    context.store.read([&](store::Connection& connection) {
        store::for_each_row(connection, [&](const store::LedgerRow& row) {
            while (found != files.end() && found->path < row.path) {
                take_new();
            }
            if (found == files.end() || found->path != row.path) {
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
    while (found != files.end()) {
        take_new();
    }
    changed.insert(changed.end(), held_and_gone.begin(), held_and_gone.end());
    return changed;
}

std::vector<std::string> files_below(SyncContext& context, const std::string& folder,
                                     const FolderHook& hook) {
    std::vector<std::string> paths = held_below(context, folder);
    if (codec::excluded_folder(folder)) {
        return paths;
    }
    if (hook) {
        hook(folder);
    }
    Walk found = find_files(context, folder, hook);
    for (files::FoundFile& file : found.files) {
        paths.push_back(std::move(file.path));
    }
    for (const std::string& barred : found.barred) {
        context.store.read([&](store::Connection& connection) {
            std::vector<std::string> known = store::paths_below(connection, barred);
            std::move(known.begin(), known.end(), std::back_inserter(paths));
        });
    }
    return paths;
}

std::vector<std::string> held_below(const SyncContext& context, const std::string& folder) {
    std::vector<std::string> paths;
    if (context.holds.count(folder) > 0) {
        paths.push_back(folder);
    }
    // '0' follows '/'.
    std::copy(context.holds.lower_bound(folder + '/'), context.holds.lower_bound(folder + '0'),
              std::back_inserter(paths));
    return paths;
}

}  // namespace fluentsync::sync
