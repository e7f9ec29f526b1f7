#include "sync/tracked_state.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "git/tracked_state.hpp"

namespace fluentsync::sync {

namespace {

[[noreturn]] void stand_back_from(const GitContext& git, const std::string& name, const char* where) {
    const std::string& folder = git.repository.folder();
    throw StandsBack(
        ErrorCode::repository,
        fmt::format("'{0}' in {1} comes from the repository ({2} has it), and nothing that others "
                    "wrote there is obeyed: git rm -r --cached '{0}', commit, and remove the "
                    "folder if you did not make it",
                    base::printable(name), folder, where),
        folder);
}

}  // namespace

void require_no_state_in_head(const GitContext& git, const base::ObjectId& tree) {
    const std::string name = git::state_folder_in(git.repository, tree);
    if (!name.empty()) {
        stand_back_from(git, name, "HEAD");
    }
}

void require_no_state_in_index(const GitContext& git) {
    const std::string name = git.marks.state_folder(git.repository);
    if (!name.empty()) {
        stand_back_from(git, name, "the index");
    }
}

void require_no_tracked_state(const GitContext& git) {
    try {
        if (const auto tree = tree_of(git, git.repository.head().commit)) {
            require_no_state_in_head(git, *tree);
        }
    } catch (const StandsBack&) {
        throw;
    } catch (const Error&) {
    }
    require_no_state_in_index(git);
}

std::string tracked_state(const git::Repository& repository, git::MarkedPaths& marks) {
    const auto commit = repository.head().commit;
    std::string name;
    if (commit) {
        name = git::state_folder_in(repository, repository.commit_info(*commit).tree);
    }
    return name.empty() ? marks.state_folder(repository) : name;
}

void refuse_state_of_remote(const GitContext& git, const base::ObjectId& commit) {
    const std::string name = git::state_folder_in(git.repository, *tree_of(git, commit));
    if (name.empty()) {
        return;
    }
    throw Error(ErrorCode::invalid_key,
                fmt::format("the remote's commit {} has '{}', which is each machine's own: nothing of it is "
                            "taken until somebody removes that there (git rm -r --cached)",
                            commit.hex().substr(0, 10), base::printable(name)),
                name);
}

}  // namespace fluentsync::sync
