// The references of a MemoryRepository, as a backend of libgit2. Without logs: nobody reads them here.
#include <fnmatch.h>
#include <git2/sys/refs.h>

#include <vector>

#include "memory_repository.hpp"

namespace simulation {

namespace {

struct Backend : git_refdb_backend {
    MemoryRepository* repository;
};

MemoryRepository& repository_of(git_refdb_backend* backend) {
    return *static_cast<Backend*>(backend)->repository;
}

git_reference* as_reference(const std::string& name, const MemoryRepository::Ref& ref) {
    return ref.symbolic.empty() ? git_reference__alloc(name.c_str(), &ref.id, nullptr)
                                : git_reference__alloc_symbolic(name.c_str(), ref.symbolic.c_str());
}

int exists(int* result, git_refdb_backend* backend, const char* name) {
    *result = repository_of(backend).refs.count(name) > 0 ? 1 : 0;
    return 0;
}

int lookup(git_reference** result, git_refdb_backend* backend, const char* name) {
    const auto& refs = repository_of(backend).refs;
    const auto found = refs.find(name);
    if (found == refs.end()) return GIT_ENOTFOUND;
    *result = as_reference(name, found->second);
    return *result != nullptr ? 0 : -1;
}

struct Iterator : git_reference_iterator {
    std::vector<std::pair<std::string, MemoryRepository::Ref>> refs;
    std::size_t at = 0;
};

int next(git_reference** result, git_reference_iterator* iterator) {
    auto& all = *static_cast<Iterator*>(iterator);
    if (all.at == all.refs.size()) return GIT_ITEROVER;
    const auto& [name, ref] = all.refs[all.at++];
    *result = as_reference(name, ref);
    return *result != nullptr ? 0 : -1;
}

int next_name(const char** name, git_reference_iterator* iterator) {
    auto& all = *static_cast<Iterator*>(iterator);
    if (all.at == all.refs.size()) return GIT_ITEROVER;
    *name = all.refs[all.at++].first.c_str();
    return 0;
}

void release_iterator(git_reference_iterator* iterator) {
    delete static_cast<Iterator*>(iterator);
}

int iterate(git_reference_iterator** result, git_refdb_backend* backend, const char* glob) {
    auto* iterator = new Iterator{};
    iterator->next = next;
    iterator->next_name = next_name;
    iterator->free = release_iterator;
    for (const auto& [name, ref] : repository_of(backend).refs) {
        if (name.rfind("refs/", 0) != 0) continue;
        if (glob == nullptr || ::fnmatch(glob, name.c_str(), 0) == 0) iterator->refs.emplace_back(name, ref);
    }
    *result = iterator;
    return 0;
}

/// 0 when `ref` is as expected; null pointers expect nothing.
int compare(const MemoryRepository::Ref* ref, const git_oid* id, const char* target) {
    if (id == nullptr && target == nullptr) return 0;
    if (ref == nullptr) return GIT_ENOTFOUND;
    const bool same = target != nullptr ? ref->symbolic == target
                                        : ref->symbolic.empty() && git_oid_equal(&ref->id, id) == 1;
    return same ? 0 : GIT_EMODIFIED;
}

/// The process may be killed before a reference moves, and after. No exception: libgit2 is C.
bool may_change(MemoryRepository& repository) {
    keep_off_loop(*repository.machine, "a reference of git");
    return !repository.machine->dead && !dies_here(*repository.machine);
}

void store(MemoryRepository& repository, const git_reference* ref) {
    MemoryRepository::Ref& kept = repository.refs[git_reference_name(ref)];
    kept = {};
    if (git_reference_type(ref) == GIT_REFERENCE_DIRECT) {
        kept.id = *git_reference_target(ref);
    } else {
        kept.symbolic = git_reference_symbolic_target(ref);
    }
}

int write(git_refdb_backend* backend, const git_reference* ref, int force, const git_signature*, const char*,
          const git_oid* old, const char* old_target) {
    MemoryRepository& repository = repository_of(backend);
    const std::string name = git_reference_name(ref);
    if (repository.locked.count(name) > 0) return GIT_ELOCKED;
    const auto found = repository.refs.find(name);
    if (force == 0 && old == nullptr && old_target == nullptr && found != repository.refs.end())
        return GIT_EEXISTS;
    const int code = compare(found == repository.refs.end() ? nullptr : &found->second, old, old_target);
    if (code < 0) return code;
    if (!may_change(repository)) return GIT_EUSER;
    store(repository, ref);
    dies_here(*repository.machine);
    return 0;
}

int remove(git_refdb_backend* backend, const char* name, const git_oid* old, const char* old_target) {
    MemoryRepository& repository = repository_of(backend);
    if (repository.locked.count(name) > 0) return GIT_ELOCKED;
    const auto found = repository.refs.find(name);
    if (found == repository.refs.end()) return GIT_ENOTFOUND;
    const int code = compare(&found->second, old, old_target);
    if (code < 0) return code;
    if (!may_change(repository)) return GIT_EUSER;
    repository.refs.erase(found);
    return 0;
}

int rename(git_reference**, git_refdb_backend*, const char*, const char*, int, const git_signature*,
           const char*) {
    return GIT_EINVALID;  // Nobody renames references here.
}

int lock(void** payload, git_refdb_backend* backend, const char* name) {
    if (!repository_of(backend).locked.insert(name).second) return GIT_ELOCKED;
    *payload = new std::string(name);
    return 0;
}

/// `outcome`: 0 nothing, 1 `ref` is written, 2 the reference goes.
int unlock(git_refdb_backend* backend, void* payload, int outcome, int, const git_reference* ref,
           const git_signature*, const char*) {
    MemoryRepository& repository = repository_of(backend);
    auto* name = static_cast<std::string*>(payload);
    const bool done = outcome == 0 || may_change(repository);
    if (done && outcome == 1) store(repository, ref);
    if (done && outcome == 2) repository.refs.erase(*name);
    if (outcome != 0) dies_here(*repository.machine);
    repository.locked.erase(*name);
    delete name;
    return done ? 0 : GIT_EUSER;
}

int has_log(git_refdb_backend*, const char*) {
    return 0;
}

int ensure_log(git_refdb_backend*, const char*) {
    return 0;
}

int read_log(git_reflog**, git_refdb_backend*, const char*) {
    return GIT_ENOTFOUND;
}

int write_log(git_refdb_backend*, git_reflog*) {
    return 0;
}

int rename_log(git_refdb_backend*, const char*, const char*) {
    return 0;
}

int remove_log(git_refdb_backend*, const char*) {
    return 0;
}

void release(git_refdb_backend* backend) {
    delete static_cast<Backend*>(backend);
}

}  // namespace

git_refdb_backend* new_ref_backend(MemoryRepository& repository) {
    auto* backend = new Backend{};
    git_refdb_init_backend(backend, GIT_REFDB_BACKEND_VERSION);
    backend->repository = &repository;
    backend->exists = exists;
    backend->lookup = lookup;
    backend->iterator = iterate;
    backend->write = write;
    backend->rename = rename;
    backend->del = remove;
    backend->has_log = has_log;
    backend->ensure_log = ensure_log;
    backend->free = release;
    backend->reflog_read = read_log;
    backend->reflog_write = write_log;
    backend->reflog_rename = rename_log;
    backend->reflog_delete = remove_log;
    backend->lock = lock;
    backend->unlock = unlock;
    return backend;
}

}  // namespace simulation
