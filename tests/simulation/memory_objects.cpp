// The object database of a MemoryRepository, as a backend of libgit2.
#include "memory_repository.hpp"

namespace simulation {

namespace {

struct Backend : git_odb_backend {
    MemoryRepository* repository;
};

auto key_of(const git_oid* oid) {
    std::array<unsigned char, GIT_OID_RAWSZ> key{};
    std::copy_n(oid->id, key.size(), key.begin());
    return key;
}

const MemoryRepository::Object* find(git_odb_backend* backend, const git_oid* oid) {
    const auto& objects = static_cast<Backend*>(backend)->repository->objects;
    const auto found = objects.find(key_of(oid));
    return found == objects.end() ? nullptr : &found->second;
}

int exists(git_odb_backend* backend, const git_oid* oid) {
    return find(backend, oid) != nullptr ? 1 : 0;
}

int read_header(std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
    const MemoryRepository::Object* object = find(backend, oid);
    if (object == nullptr) return GIT_ENOTFOUND;
    *size = object->data.size();
    *type = object->type;
    return 0;
}

int read(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
    const int code = read_header(size, type, backend, oid);
    if (code < 0) return code;
    *data = git_odb_backend_data_alloc(backend, *size + 1);  // One more: an empty object is no null pointer.
    if (*data == nullptr) return -1;
    std::memcpy(*data, find(backend, oid)->data.data(), *size);
    return 0;
}

int write(git_odb_backend* backend, const git_oid* oid, const void* data, std::size_t size,
          git_object_t type) {
    static_cast<Backend*>(backend)->repository->objects.try_emplace(
        key_of(oid), MemoryRepository::Object{type, {static_cast<const char*>(data), size}});
    return 0;
}

void release(git_odb_backend* backend) {
    delete static_cast<Backend*>(backend);
}

}  // namespace

git_odb_backend* new_object_backend(MemoryRepository& repository) {
    auto* backend = new Backend{};
    git_odb_init_backend(backend, GIT_ODB_BACKEND_VERSION);
    backend->repository = &repository;
    backend->exists = exists;
    backend->read_header = read_header;
    backend->read = read;
    backend->write = write;
    backend->free = release;
    return backend;
}

}  // namespace simulation
