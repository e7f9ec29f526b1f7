/// Folders that no walk enters, so new files in them wait: those that hold a repository of their own, until
/// it goes, and those that may not be read, until they may.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fluentsync/status.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

bool is_barred(const runtime::Folder& root, const std::string& folder);

/// Why `folder` is to be held: it is barred, and files are missed because of it, in a type's folder or in one
/// that git would track. Lane only.
std::optional<Held> bar_of(const SyncContext& context, const std::string& folder);

/// Holds those of `folders` (all barred) where files are missed. Settler lets them go.
void hold_barred(SyncContext& context, const std::vector<std::string>& folders);

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
