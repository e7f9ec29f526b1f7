// git::open_exactly() and make_repository() with objects and references in memory: linked in the place of
// those that leave them on disk. The index and the configuration stay files.
#include <git2/sys/refdb_backend.h>
#include <git2/sys/repository.h>

#include <stdexcept>

#include "git/open_repository.hpp"
#include "memory_repository.hpp"

namespace simulation {

namespace {

using namespace fluentsync;

std::map<std::string, MemoryRepository>& all() {
    static std::map<std::string, MemoryRepository> repositories;
    return repositories;
}

void must(int code) {
    if (code < 0) throw std::logic_error("libgit2 does not take a backend in memory");
}

/// Where HEAD points in a new repository, as its file says.
MemoryRepository::Ref first_head(git_repository* repository) {
    git::ReferencePtr head;
    must(git_reference_lookup(git::out(head), repository, "HEAD"));
    return {{}, git_reference_symbolic_target(head.get())};
}

}  // namespace

void keep_in_memory(git_repository* repository, const std::string& folder) {
    const auto [kept, is_new] = all().try_emplace(folder);
    kept->second.machine = &machine_at(folder);
    if (is_new) kept->second.refs["HEAD"] = first_head(repository);
    git::OdbPtr objects;
    must(git_odb_new(git::out(objects)));
    must(git_odb_add_backend(objects.get(), new_object_backend(kept->second), 1));
    must(git_repository_set_odb(repository, objects.get()));
    std::unique_ptr<git_refdb, git::Freed<git_refdb_free>> refs;
    must(git_refdb_new(git::out(refs), repository));
    must(git_refdb_set_backend(refs.get(), new_ref_backend(kept->second)));
    must(git_repository_set_refdb(repository, refs.get()));
}

void forget_repositories() {
    all().clear();
}

}  // namespace simulation

namespace fluentsync {

int git::open_exactly(RepositoryPtr& repository, const std::string& folder) {
    const int code =
        git_repository_open_ext(out(repository), folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    if (code == 0) simulation::keep_in_memory(repository.get(), folder);
    return code;
}

int git::make_repository(RepositoryPtr& repository, const std::string& folder, const std::string& branch) {
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = branch.c_str();
    const int code = git_repository_init_ext(out(repository), folder.c_str(), &options);
    if (code == 0) simulation::keep_in_memory(repository.get(), folder);
    return code;
}

}  // namespace fluentsync

/// No person begins a merge or a rebase here, and libgit2 asks the disk for nine names each time. This one
/// stands before libgit2's own for whatever is linked into this program.
int git_repository_state(git_repository*) {
    return GIT_REPOSITORY_STATE_NONE;
}
