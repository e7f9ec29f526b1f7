#include "git/library.hpp"

#include <algorithm>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace fluentsync::git {

namespace {

ErrorCode code_of(int code, int klass, ErrorCode otherwise) {
    switch (code) {
        case GIT_ELOCKED:
            return ErrorCode::repository_busy;
        case GIT_EMODIFIED:
            return ErrorCode::ref_moved;
        case GIT_EMISMATCH:
            return ErrorCode::corrupt;
        default:
            break;
    }
    switch (klass) {
        case GIT_ERROR_OS:
            return ErrorCode::io;
        case GIT_ERROR_ZLIB:
        case GIT_ERROR_SHA:
            return ErrorCode::corrupt;
        default:
            return otherwise;
    }
}

}  // namespace

namespace {

/// Held for as long as the process has our code: libgit2 keeps error state for each thread, and a shutdown
/// before those threads end leaks it, with every cycle of init and shutdown anew.
struct HeldLibrary {
    HeldLibrary() : result(git_libgit2_init()) {}
    HeldLibrary(const HeldLibrary&) = delete;
    ~HeldLibrary() { git_libgit2_shutdown(); }
    const int result;
};

}  // namespace

Library::Library() {
    static const HeldLibrary held;
    if (held.result < 0) throw Error(ErrorCode::internal, "libgit2 cannot be initialised");
}

git_oid to_oid(const base::ObjectId& id) {
    git_oid oid{};
    std::copy(id.bytes.begin(), id.bytes.end(), oid.id);
    return oid;
}

base::ObjectId from_oid(const git_oid& oid) {
    base::ObjectId id;
    std::copy_n(oid.id, id.bytes.size(), id.bytes.begin());
    return id;
}

void fail(int code, const std::string& what, const std::string& path, ErrorCode otherwise) {
    const git_error* last = git_error_last();
    std::string words = last && last->message ? last->message : "libgit2 gives no reason";
    const ErrorCode result = code_of(code, last ? last->klass : 0, otherwise);
    throw Error(result, base::printable(base::redact(what + ": " + words), 500), path);
}

std::string item_path(git_repository* repository, git_repository_item_t item) {
    Buffer path;
    check(git_repository_item_path(&path, repository, item), "a folder of the repository cannot be found");
    return path.text();
}

OdbPtr open_odb(git_repository* repository) {
    OdbPtr odb;
    check(git_repository_odb(out(odb), repository), "the object database cannot be opened");
    return odb;
}

}  // namespace fluentsync::git
