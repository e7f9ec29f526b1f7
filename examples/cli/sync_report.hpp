/// What one sync came to: what it prints, and its exit code.
#pragma once

#include <fluentsync/status.hpp>
#include <string>
#include <vector>

namespace cli {

struct SyncReport {
    std::string line;                     ///< Standard output; empty where the sync failed.
    std::vector<std::string> complaints;  ///< Standard error.
    int code = 0;
};

/// `root`: as it was given, for commands to copy.
SyncReport sync_report(const fluentsync::WorkspaceStatus& status, const std::string& root);
/// Prints it and returns its code.
int tell(const SyncReport& report);

}  // namespace cli
