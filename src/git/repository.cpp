#include "git/repository.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "git/configuration.hpp"
#include "git/dot_git_file.hpp"
#include "git/leftovers.hpp"
#include "git/library.hpp"
#include "git/local_config.hpp"
#include "git/open_repository.hpp"
#include "git/repository_state.hpp"
#include "git/safe_directory.hpp"
#include "git/stale_lock.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

bool same_folder(const std::string& a, const std::string& b) {
    struct stat left {};
    struct stat right {};
    return ::stat(a.c_str(), &left) == 0 && ::stat(b.c_str(), &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

/// A .git in which nothing was ever kept: what a crash in the middle of init() leaves.
bool half_made(const std::string& folder) {
    std::error_code error;
    const fs::path dot_git = fs::path(folder) / ".git";
    if (!fs::is_directory(fs::symlink_status(dot_git, error))) return false;
    if (fs::exists(dot_git / "HEAD", error) || fs::exists(dot_git / "packed-refs", error)) return false;
    const fs::path heads = dot_git / "refs" / "heads";
    return !fs::exists(heads, error) || fs::is_empty(heads, error);
}

[[noreturn]] void fail_open(int code, const std::string& folder) {
    const std::string name = base::printable(folder);
    if (code == GIT_EOWNER) {
        throw Error(ErrorCode::repository, words_of_owner(folder, other_owner(folder).value_or(0)), folder);
    }
    if (code == GIT_ENOTFOUND) {
        throw Error(ErrorCode::repository,
                    name + " holds no git repository (or one that is damaged: its .git/HEAD may be missing)",
                    folder);
    }
    fail(code, "the repository in " + name + " cannot be opened", folder);
}

}  // namespace

PacksSeen packs_of(git_repository* repository) {
    struct stat stat {};
    const std::string folder = item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS) + "pack";
    if (::stat(folder.c_str(), &stat) != 0) return {};
    return {stat.st_dev, stat.st_ino,
            std::int64_t{stat.st_mtim.tv_sec} * 1'000'000'000 + stat.st_mtim.tv_nsec};
}

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Repository Repository::open(const std::string& folder) {
    auto state = std::make_unique<State>();
    require_no_special_files(folder + "/.git");
    const int code = open_exactly(state->repository, folder);
    if (code < 0) fail_open(code, folder);
    const char* work_tree = git_repository_workdir(state->repository.get());
    if (git_repository_is_bare(state->repository.get()) || work_tree == nullptr) {
        throw Error(
            ErrorCode::repository,
            "the repository in " + base::printable(folder) + " is bare: one with a work tree is needed",
            folder);
    }
    if (!same_folder(work_tree, folder)) {
        throw Error(ErrorCode::repository,
                    base::printable(folder) + " is not the work tree of its repository, which is " +
                        base::printable(work_tree),
                    folder);
    }
    check(give_configuration(state->repository.get(), state->configuration),
          "git's configuration cannot be read");
    state->folder = folder;
    state->shared_modes.emplace(state->repository.get());
    state->packs = packs_of(state->repository.get());
    return Repository(std::move(state));
}

void Repository::open_again() {
    Repository again = open(state_->folder);
    again.state_->stop = std::move(state_->stop);
    *this = std::move(again);
}

void Repository::stop_when(std::function<bool()> asks) {
    state_->stop = std::move(asks);
}

void Repository::stop_if_asked() const {
    if (state_->stop && state_->stop())
        throw Error(ErrorCode::cancelled, "reading git's objects was given up: closing");
}

Repository Repository::init(const std::string& folder, const std::string& branch) {
    auto state = std::make_unique<State>();
    check_branch_name(branch);
    if (half_made(folder)) remove_trials(folder);
    int code = make_repository(state->repository, folder, branch);
    if (code == GIT_ELOCKED && half_made(folder) && remove_stale_init_locks(folder + "/.git")) {
        code = make_repository(state->repository, folder, branch);
    }
    if (code == GIT_EEXISTS) {
        throw Error(ErrorCode::repository, base::printable(folder) + " holds a git repository already",
                    folder);
    }
    if (code < 0) fail(code, "no repository can be made in " + base::printable(folder), folder);
    remove_trials(folder);  // libgit2 does not look whether it could.
    check(give_configuration(state->repository.get(), state->configuration),
          "git's configuration cannot be read");
    state->folder = folder;
    state->shared_modes.emplace(state->repository.get());
    state->packs = packs_of(state->repository.get());
    return Repository(std::move(state));
}

bool Repository::exists(const std::string& folder) {
    const Library library;
    RepositoryPtr repository;
    require_no_special_files(folder + "/.git");
    if (open_exactly(repository, folder) != GIT_ENOTFOUND) return true;
    // Something called .git that cannot be read as a repository is for open() to complain about, never for
    // init() to build upon, unless nothing was ever kept in it.
    std::error_code error;
    return fs::exists(fs::symlink_status(fs::path(folder) / ".git", error)) && !half_made(folder);
}

bool Repository::is_current() const {
    return packs_of(raw()) == state_->packs && state_->configuration.is_current();
}

const std::string& Repository::folder() const {
    return state_->folder;
}

git_repository* Repository::raw() const {
    return state_->repository.get();
}

std::string Repository::operation_in_progress() const {
    switch (git_repository_state(raw())) {
        case GIT_REPOSITORY_STATE_MERGE:
            return "a merge";
        case GIT_REPOSITORY_STATE_REVERT:
        case GIT_REPOSITORY_STATE_REVERT_SEQUENCE:
            return "a revert";
        case GIT_REPOSITORY_STATE_CHERRYPICK:
        case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
            return "a cherry-pick";
        case GIT_REPOSITORY_STATE_BISECT:
            return "a bisect";
        case GIT_REPOSITORY_STATE_REBASE:
        case GIT_REPOSITORY_STATE_REBASE_INTERACTIVE:
        case GIT_REPOSITORY_STATE_REBASE_MERGE:
            return "a rebase";
        case GIT_REPOSITORY_STATE_APPLY_MAILBOX:
        case GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE:
            return "a patch series";
        default:
            return {};
    }
}

bool Repository::has_object(const base::ObjectId& id) const {
    const git_oid oid = to_oid(id);
    if (git_odb_exists(open_odb(raw()).get(), &oid) == 1) return true;
    require_descriptor();
    return false;
}

bool Repository::knows_object(const base::ObjectId& id) const {
    const git_oid oid = to_oid(id);
    return git_odb_exists_ext(open_odb(raw()).get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

std::string Repository::blob(const base::ObjectId& id, std::uint64_t limit) const {
    const OdbPtr odb = open_odb(raw());
    const git_oid oid = to_oid(id);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    int code = git_odb_read_header(&size, &type, odb.get(), &oid);
    if (code < 0) fail(code, "object " + id.hex() + " cannot be read", {}, ErrorCode::corrupt);
    if (type != GIT_OBJECT_BLOB) throw Error(ErrorCode::repository, "object " + id.hex() + " is no file");
    if (size > limit) {
        throw Error(ErrorCode::too_large, "object " + id.hex() + " holds " + std::to_string(size) +
                                              " bytes, the limit is " + std::to_string(limit));
    }
    OdbObjectPtr object;
    code = git_odb_read(out(object), odb.get(), &oid);
    if (code < 0) fail(code, "object " + id.hex() + " cannot be read", {}, ErrorCode::corrupt);
    return {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())};
}

// The configuration is asked itself: libgit2 1.5's git_remote_lookup() leaks 20 KB for each entry that is no
// insteadOf rule (libgit2 #6382), and this is asked again and again.
std::string Repository::remote_url(const std::string& name) const {
    ConfigPtr snapshot;
    check(git_repository_config_snapshot(out(snapshot), raw()), "git's configuration cannot be read");
    const char* url = nullptr;
    const int code = git_config_get_string(&url, snapshot.get(), ("remote." + name + ".url").c_str());
    return code == 0 && url ? url : "";
}

// Not by git_remote_create(), which writes the configuration twice: a crash in between leaves half a remote.
bool Repository::ensure_remote(const std::string& name, const std::string& url, const std::string& earlier) {
    const std::string plain = base::split_url(url).url;
    const std::string now = remote_url(name);
    if (!now.empty() && (now != earlier || now == plain)) return false;
    int valid = 0;
    int code = git_remote_name_is_valid(&valid, name.c_str());
    if (code == 0 && valid == 0)
        throw Error(ErrorCode::repository, "no remote can be named " + base::printable(name));
    const std::string url_key = "remote." + name + ".url";
    const std::string fetch = "+refs/heads/*:refs/remotes/" + name + "/*";
    if (code == 0) {
        code = change_local_config(raw(), [&](git_config* config) -> int {
            Buffer unseen;
            if (now.empty() && git_config_get_string_buf(&unseen, config, url_key.c_str()) == 0)
                return GIT_EEXISTS;
            const int set = git_config_set_string(config, url_key.c_str(), plain.c_str());
            if (set < 0 || !now.empty()) return set;
            return git_config_set_string(config, ("remote." + name + ".fetch").c_str(), fetch.c_str());
        });
    }
    if (code == GIT_EEXISTS) return false;
    if (code < 0 && !now.empty()) return false;  // Of several URLs, or an included file's: a person's work.
    if (code < 0) fail(code, "remote " + base::printable(name) + " cannot be added");
    return true;
}

void Repository::ensure_upstream(const std::string& branch, const std::string& remote) {
    const std::string remote_key = "branch." + branch + ".remote";
    const std::string merge_key = "branch." + branch + ".merge";
    ConfigPtr snapshot;
    check(git_repository_config_snapshot(out(snapshot), raw()), "git's configuration cannot be read");
    const char* chosen = nullptr;
    if (git_config_get_string(&chosen, snapshot.get(), remote_key.c_str()) == 0 ||
        git_config_get_string(&chosen, snapshot.get(), merge_key.c_str()) == 0) {
        return;
    }
    const int code = change_local_config(raw(), [&](git_config* config) -> int {
        const int set = git_config_set_string(config, remote_key.c_str(), remote.c_str());
        return set < 0
                   ? set
                   : git_config_set_string(config, merge_key.c_str(), (std::string(kHeads) + branch).c_str());
    });
    if (code < 0) fail(code, "the upstream of branch " + base::printable(branch) + " cannot be set");
}

const SharedModes& Repository::shared_modes() const {
    return *state_->shared_modes;
}

}  // namespace fluentsync::git
