#include "git/object_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/tuning.hpp"
#include "git/writers.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

std::unique_ptr<ObjectWriter> make_object_writer(Repository& repository, std::size_t expected_blobs,
                                                 runtime::HelperPool& pool) {
    if (expected_blobs < base::tuning::kPackFromObjects) return make_loose_writer(repository);
    return make_pack_writer(repository, pool);
}

git_object_t type_of(ObjectWriter::Kind kind) {
    switch (kind) {
        case ObjectWriter::Kind::commit:
            return GIT_OBJECT_COMMIT;
        case ObjectWriter::Kind::tree:
            return GIT_OBJECT_TREE;
        case ObjectWriter::Kind::blob:
            break;
    }
    return GIT_OBJECT_BLOB;
}

void throw_other_bytes(const base::ObjectId& id) {
    throw Error(ErrorCode::corrupt, "what is kept as git's object " + id.hex() +
                                        " holds other bytes; verify lists what is damaged");
}

bool has_quickly(git_odb* odb, const git_oid& oid) {
    return git_odb_exists_ext(odb, &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

void sync_objects(git_repository* repository) {
    const std::string path = item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS);
    const int folder =
        runtime::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    const bool done = folder >= 0 && runtime::uninterrupted([&] { return ::syncfs(folder); }) == 0;
    const int error = errno;
    if (folder >= 0) ::close(folder);
    if (!done) {
        throw Error(ErrorCode::io, "git objects cannot be made durable: " + std::string(std::strerror(error)),
                    path);
    }
}

void sync_objects(Repository& repository) {
    sync_objects(repository.raw());
}

}  // namespace fluentsync::git
