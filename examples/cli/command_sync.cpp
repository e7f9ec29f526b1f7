#include <fluentsync/fluentsync.hpp>

#include "commands.hpp"
#include "progress_line.hpp"
#include "root.hpp"
#include "run_desk.hpp"

namespace cli {
namespace {

SyncReport sync_here(const fluentsync::WorkspaceOptions& options, const std::string& root) {
    ProgressObserver progress;
    fluentsync::Workspace workspace(options);
    auto subscription = workspace.subscribe(progress);
    workspace.sync();
    const auto status = workspace.status();
    workspace.close();
    subscription.reset();
    progress.clear();
    return sync_report(status, root);
}

}  // namespace

/// Where a `run` owns the folder, that one does it.
int sync_command(const Arguments& words) {
    const Root root(words);
    const auto options = root.checked_options();
    try {
        return tell(sync_here(options, words.root));
    } catch (const fluentsync::Error& error) {
        if (error.code() != fluentsync::ErrorCode::folder_owned) throw;
        const auto report = ask_running(root);
        if (!report) throw;
        return tell(*report);
    }
}

}  // namespace cli
