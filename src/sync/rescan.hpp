/// Finds what to look at: by one walk merged with the ledger, or below one folder, or from the change log.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "files/scan.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

/// Called with each folder before it is read, so that it is watched first. On any of the pool's threads.
using FolderHook = std::function<void(const std::string&)>;

/// Whether a walk or a watch enters a folder: not excluded, not barred.
bool enters_folder(const runtime::Folder& root, const std::string& folder);

struct Walk {
    std::vector<files::FoundFile> files;  ///< In byte order of path.
    std::vector<std::string> barred;      ///< Folders that were not entered: see barred_folder.hpp.
};

/// Everything below `folder`.
Walk walk(SyncContext& context, const std::string& folder, const FolderHook& hook = {});

/// Paths whose file is new, changed by its stat, or missing, against the ledger; and held paths that are
/// gone. Cost: one stat a file and one ordered read of the ledger.
std::vector<std::string> changed_since_ledger(SyncContext& context, const FolderHook& hook = {});

/// Every file at or below `folder` now, and what is held there or known in folders that are barred.
std::vector<std::string> files_below(SyncContext& context, const std::string& folder,
                                     const FolderHook& hook = {});

/// What is held at or below `folder`.
std::vector<std::string> held_below(const SyncContext& context, const std::string& folder);

}  // namespace fluentsync::sync
