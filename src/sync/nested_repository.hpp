/// Folders that hold a repository of their own: no walk enters them, so new files in them wait until it goes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fluentsync/status.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

bool is_nested_repository(const runtime::Folder& root, const std::string& folder);

/// Whether files are missed because of it: a type's folder, or one that git would track. Lane only.
bool bars_files(const SyncContext& context, const std::string& folder);

/// Why `folder` is held.
Held nested_hold(const SyncContext& context, const std::string& folder);

/// Holds those of `folders` (all nested repositories) that bar files. Settler lets them go.
void hold_nested(SyncContext& context, const std::vector<std::string>& folders);

/// Whether paths lie in a nested repository. Remembers each folder: for one batch.
class NestedPaths {
  public:
    explicit NestedPaths(const runtime::Folder& root) : root_(root) {}
    bool contain(const std::string& path);

  private:
    const runtime::Folder& root_;
    std::map<std::string, bool> nested_;  ///< By folder: it or one above it is a nested repository.
};

}  // namespace fluentsync::sync
