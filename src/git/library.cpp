#include "git/library.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "base/tuning.hpp"

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

/// Sets an option of libgit2's where the host has left it as it is by itself.
void set_unless_set(int get, int set, std::size_t own, std::size_t wanted) {
    std::size_t now = 0;
    if (git_libgit2_opts(get, &now) == 0 && now == own) git_libgit2_opts(set, wanted);
}

/// libgit2 keeps a descriptor for each pack that it has read, and all of it in memory, unless it is told to
/// let go of what was used longest ago.
void bound_open_packs() {
    constexpr bool kWide = sizeof(void*) >= 8;
    constexpr std::size_t kOwnWindow = kWide ? std::size_t{1} << 30 : std::size_t{32} << 20;
    constexpr std::size_t kOwnMapped = kWide ? std::size_t{8192} << 20 : std::size_t{256} << 20;
    set_unless_set(GIT_OPT_GET_MWINDOW_FILE_LIMIT, GIT_OPT_SET_MWINDOW_FILE_LIMIT, 0,
                   base::tuning::kOpenPacks);
    set_unless_set(GIT_OPT_GET_MWINDOW_SIZE, GIT_OPT_SET_MWINDOW_SIZE, kOwnWindow, base::tuning::kPackWindow);
    set_unless_set(GIT_OPT_GET_MWINDOW_MAPPED_LIMIT, GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, kOwnMapped,
                   base::tuning::kMappedPacks);
}

/// Held for as long as the process has our code: libgit2 keeps error state for each thread, and a shutdown
/// before those threads end leaks it, with every cycle of init and shutdown anew.
struct HeldLibrary {
    HeldLibrary() : result(git_libgit2_init()) {
        if (result > 0) bound_open_packs();
    }
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

void require_descriptor() {
    const int descriptor = ::eventfd(0, EFD_CLOEXEC);
    if (descriptor >= 0) {
        ::close(descriptor);
    } else if (errno == EMFILE || errno == ENFILE) {
        throw Error(ErrorCode::cannot_open,
                    "git's files cannot be opened: Too many open files (EMFILE); raise the limit on "
                    "open files");
    }
}

void fail(int code, const std::string& what, const std::string& path, ErrorCode otherwise) {
    const git_error* last = git_error_last();
    std::string words = last && last->message ? last->message : "libgit2 gives no reason";
    const ErrorCode result = code_of(code, last ? last->klass : 0, otherwise);
    require_descriptor();
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
