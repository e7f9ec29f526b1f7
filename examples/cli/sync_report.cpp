#include "sync_report.hpp"

#include "exit_code.hpp"
#include "output.hpp"

namespace cli {
namespace {

using fluentsync::WorkspaceStatus;

/// What keeps the three sides from being one; empty: nothing.
std::string open_work(const WorkspaceStatus& status) {
    std::string text;
    const auto add = [&text](std::int64_t count, const std::string& what) {
        if (count != 0) text += (text.empty() ? "" : ", ") + counted(count, what);
    };
    add(status.directory.pending_exports, "pending export");
    add(status.directory.pending_imports, "pending import");
    if (!status.git) return text;
    if (status.git->uncommitted != 0) {
        text += (text.empty() ? "" : ", ") + std::to_string(status.git->uncommitted) + " uncommitted";
    }
    if (!status.git->remote.empty()) {
        if (status.git->ahead != 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(status.git->ahead) + " not pushed";
        }
        if (status.git->behind != 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(status.git->behind) + " not merged";
        }
    }
    return text;
}

std::string place(const WorkspaceStatus& status) {
    auto text = counted(status.entities, "entity");
    if (const auto held = status.directory.held.size(); held != 0)
        text += ", " + std::to_string(held) + " held";
    if (!status.git) return text + ", no git";
    const auto& git = *status.git;
    text += git.head.empty() ? ", no commit yet" : ", " + git.branch + " at " + short_id(git.head);
    return text + (git.remote.empty() ? ", no remote" : "");
}

}  // namespace

SyncReport sync_report(const WorkspaceStatus& status, const std::string& root) {
    SyncReport report;
    auto& complaints = report.complaints;
    for (const auto& one : status.directory.held)
        complaints.push_back("held: " + held_line(one));
    if (status.directory.held_deletions != 0) {
        complaints.push_back(counted(status.directory.held_deletions, "deletion") +
                             " held: run `fluentsync confirm " + root + "` to let go, or put the files back");
    }
    if (status.open_conflicts != 0) {
        complaints.push_back(counted(status.open_conflicts, "open conflict") +
                             ": see `fluentsync conflicts " + root + "`");
    }
    const auto open = open_work(status);
    report.line = shown((open.empty() ? "in step: " : "not in step (" + open + "): ") + place(status));
    if (status.git && !status.git->last_error.empty()) complaints.push_back(status.git->last_error);
    if (open.empty()) return report;
    if (status.git && !status.git->standing_back.empty()) complaints.push_back(status.git->standing_back);
    if (!status.directory.last_error.empty()) complaints.push_back(status.directory.last_error);
    report.code = kDrift;
    return report;
}

int tell(const SyncReport& report) {
    for (const auto& complaint : report.complaints)
        complain(complaint);
    if (!report.line.empty()) print(report.line);
    return report.code;
}

}  // namespace cli
