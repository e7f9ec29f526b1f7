#include "witness.hpp"

#include <git2.h>

#include <cstdint>
#include <memory>
#include <stdexcept>

#include "memory_repository.hpp"
#include "model.hpp"

namespace simulation {

namespace {

struct Free {
    void operator()(git_repository* p) const { git_repository_free(p); }
    void operator()(git_commit* p) const { git_commit_free(p); }
    void operator()(git_tree* p) const { git_tree_free(p); }
    void operator()(git_blob* p) const { git_blob_free(p); }
    void operator()(git_revwalk* p) const { git_revwalk_free(p); }
    void operator()(git_index* p) const { git_index_free(p); }
};
template <class T>
using Ptr = std::unique_ptr<T, Free>;

void check(int code, const char* what) {
    if (code < 0) {
        const git_error* last = git_error_last();
        throw Violation(std::string("the repository is damaged: ") + what + ": " +
                        (last != nullptr ? last->message : "?"));
    }
}

std::string hex(const git_oid& oid) {
    char text[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(text, sizeof text, &oid);
}

/// Kept open: people look often.
std::map<std::string, Ptr<git_repository>>& opened() {
    static std::map<std::string, Ptr<git_repository>> all;
    return all;
}

/// Null: there is none.
git_repository* open(const std::string& folder) {
    const auto known = opened().find(folder);
    if (known != opened().end()) return known->second.get();
    git_repository* repository = nullptr;
    if (git_repository_open_ext(&repository, folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) < 0) {
        return nullptr;
    }
    opened().emplace(folder, repository);
    keep_in_memory(repository, folder);
    return repository;
}

/// Calls `call` with each blob of a tree that was not in `seen`; every one when `seen` is null.
template <class Call>
void walk(git_repository* repository, const git_oid& tree_id, const std::string& path,
          std::set<std::string>* seen, const Call& call) {
    if (seen != nullptr && !seen->insert(hex(tree_id)).second) return;
    git_tree* raw = nullptr;
    check(git_tree_lookup(&raw, repository, &tree_id), "a tree");
    const Ptr<git_tree> tree(raw);
    for (std::size_t i = 0; i < git_tree_entrycount(raw); ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(raw, i);
        const git_oid& id = *git_tree_entry_id(entry);
        const std::string name = path + git_tree_entry_name(entry);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
            walk(repository, id, name + "/", seen, call);
            continue;
        }
        if (seen != nullptr && !seen->insert(hex(id)).second) continue;
        git_blob* raw_blob = nullptr;
        check(git_blob_lookup(&raw_blob, repository, &id), "a file");
        const Ptr<git_blob> blob(raw_blob);
        call(name, std::string(static_cast<const char*>(git_blob_rawcontent(raw_blob)),
                               static_cast<std::size_t>(git_blob_rawsize(raw_blob))));
    }
}

/// As it is on disk now; null: there is none that can be read.
Ptr<git_index> index_of(const std::string& folder) {
    git_repository* const repository = open(folder);
    git_index* index = nullptr;
    if (!repository || git_repository_index(&index, repository) < 0) return nullptr;
    Ptr<git_index> result(index);
    return git_index_read(index, 1) < 0 ? nullptr : std::move(result);
}

git_oid tree_of(git_repository* repository, const git_oid& commit_id) {
    git_commit* raw = nullptr;
    check(git_commit_lookup(&raw, repository, &commit_id), "a commit");
    const Ptr<git_commit> commit(raw);
    return *git_commit_tree_id(raw);
}

}  // namespace

bool mark_in_index(const std::string& folder, const std::string& path, bool marked) {
    const auto index = index_of(folder);
    const git_index_entry* const found = index ? git_index_get_bypath(index.get(), path.c_str(), 0) : nullptr;
    if (!found) return false;
    git_index_entry entry = *found;
    entry.flags_extended =
        static_cast<std::uint16_t>((entry.flags_extended & ~GIT_INDEX_ENTRY_SKIP_WORKTREE) |
                                   (marked ? GIT_INDEX_ENTRY_SKIP_WORKTREE : 0));
    const std::string name = path;  // What the old entry holds of it goes with that.
    entry.path = name.c_str();
    return git_index_add(index.get(), &entry) == 0 && git_index_write(index.get()) == 0;
}

bool is_marked_in_index(const std::string& folder, const std::string& path) {
    const auto index = index_of(folder);
    const git_index_entry* const found = index ? git_index_get_bypath(index.get(), path.c_str(), 0) : nullptr;
    return found && (found->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
}

HeadFiles head_files(const std::string& folder) {
    HeadFiles result;
    git_repository* const repository = open(folder);
    git_oid head{};
    if (!repository || git_reference_name_to_id(&head, repository, "HEAD") < 0) return result;
    result.commit = hex(head);
    walk(repository, tree_of(repository, head), "", nullptr,
         [&](const std::string& path, std::string text) { result.files.emplace(path, std::move(text)); });
    return result;
}

void words_of_history(const std::string& folder, std::set<std::string>& found) {
    git_repository* const repository = open(folder);
    git_revwalk* raw = nullptr;
    if (!repository || git_revwalk_new(&raw, repository) < 0) return;
    const Ptr<git_revwalk> revisions(raw);
    if (git_revwalk_push_head(raw) < 0) return;
    std::set<std::string> seen;
    git_oid id{};
    while (git_revwalk_next(&id, raw) == 0) {
        walk(repository, tree_of(repository, id), "", &seen,
             [&](const std::string&, const std::string& text) { found.merge(words_of(text)); });
    }
}

void close_repositories() {
    opened().clear();
    forget_repositories();
}

void prepare_libgit2() {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
                            GIT_CONFIG_LEVEL_PROGRAMDATA}) {
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

void words_of_remote(const Remote& remote, std::set<std::string>& found) {
    for (const auto& [id, object] : remote.objects) {
        if (object.type == GIT_OBJECT_BLOB) found.merge(words_of(object.data));
    }
}

std::string remote_tip(const Remote& remote) {
    const auto tip = remote.branches.find("main");
    if (tip == remote.branches.end()) return {};
    git_oid id{};
    std::copy(tip->second.begin(), tip->second.end(), id.id);
    return hex(id);
}

}  // namespace simulation
