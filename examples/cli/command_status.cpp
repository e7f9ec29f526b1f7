#include <fluentsync/workspace.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "reading.hpp"
#include "root.hpp"

namespace cli {
namespace {

Json json_of(const fluentsync::DirectoryStatus& directory) {
    return {{"rootVerified", directory.root_verified},
            {"pendingExports", directory.pending_exports},
            {"pendingImports", directory.pending_imports},
            {"heldDeletions", directory.held_deletions},
            {"lastSync", directory.last_sync},
            {"held", held_json(directory.held)},
            {"lastError", directory.last_error}};
}

Json json_of(const fluentsync::GitStatus& git) {
    return {{"initialized", git.initialized},
            {"branch", git.branch},
            {"remote", git.remote},
            {"head", git.head},
            {"ahead", git.ahead},
            {"behind", git.behind},
            {"uncommitted", git.uncommitted},
            {"lastCommit", git.last_commit},
            {"lastPush", git.last_push},
            {"lastPushOutcome", fluentsync::push_outcome_name(git.last_push_outcome)},
            {"lastError", git.last_error},
            {"standingBack", git.standing_back}};
}

Json json_of(const fluentsync::WorkspaceStatus& status) {
    return {{"entities", status.entities},
            {"openConflicts", status.open_conflicts},
            {"directory", json_of(status.directory)},
            {"git", status.git ? json_of(*status.git) : Json()}};
}

/// "name         value", or nothing where there is nothing to say.
void row(std::string name, const std::string& value) {
    name.resize(15, ' ');
    if (!value.empty()) print(name + shown(value));
}

void print_git(const fluentsync::GitStatus& git) {
    row("branch", git.branch);
    row("head", git.head.empty() ? "no commit yet"
                                 : short_id(git.head) + ", committed " + time_text(git.last_commit));
    row("uncommitted", counted(git.uncommitted, "file"));
    row("remote", git.remote.empty() ? "none" : git.remote);
    if (!git.remote.empty()) {
        row("ahead, behind", std::to_string(git.ahead) + ", " + std::to_string(git.behind));
        row("last push", std::string(fluentsync::push_outcome_name(git.last_push_outcome)) + ", " +
                             time_text(git.last_push));
    }
    row("standing back", git.standing_back);
    row("git error", git.last_error);
}

void print_text(const fluentsync::WorkspaceStatus& status) {
    const auto& directory = status.directory;
    row("entities", std::to_string(status.entities));
    row("conflicts", std::to_string(status.open_conflicts) + " open");
    row("pending",
        counted(directory.pending_exports, "export") + ", " + counted(directory.pending_imports, "import"));
    row("held", counted(static_cast<std::int64_t>(directory.held.size()), "file") + ", " +
                    counted(directory.held_deletions, "deletion"));
    row("last sync", time_text(directory.last_sync));
    row("folder error", directory.last_error);
    if (status.git) print_git(*status.git);
}

}  // namespace

int status_command(const Arguments& words) {
    const auto workspace = workspace_to_read(Root(words));
    const auto status = workspace->status();
    workspace->close();
    if (words.json) {
        print_json(json_of(status));
    } else {
        print_text(status);
    }
    return kOk;
}

}  // namespace cli
