#include "store/sqlite_error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>

#include "fluentsync/error.hpp"

namespace fluentsync::store {
namespace {

/// SQLite says of each file that it cannot be opened. Asked right after, a harmless one tells why.
bool out_of_descriptors() {
    const int probe = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (probe >= 0) {
        ::close(probe);
        return false;
    }
    return errno == EMFILE || errno == ENFILE;
}

}  // namespace

void throw_translated(const SQLite::Exception& error, const std::string& path) {
    const auto fail = [&](ErrorCode code, const char* what) {
        throw Error(code, fmt::format("database '{}': {} ({})", path, what, error.what()), path);
    };
    switch (error.getErrorCode() & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            fail(ErrorCode::busy, "another process holds the write lock; try again");
            break;
        case SQLITE_PROTOCOL:
            fail(ErrorCode::busy, "its locks could not be had; try again");
            break;
        case SQLITE_FULL:
            fail(ErrorCode::io, "disk full; free some space and try again");
            break;
        case SQLITE_IOERR:
            fail(ErrorCode::io, "a read or write failed; check the disk");
            break;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            fail(ErrorCode::io, "not writable; check its permissions");
            break;
        case SQLITE_CANTOPEN:
            if (out_of_descriptors())
                fail(ErrorCode::io, "too many files are open; close some, or raise the limit (ulimit -n)");
            fail(ErrorCode::cannot_open, "cannot be opened; check the path and its permissions");
            break;
        case SQLITE_NOTADB:
            fail(ErrorCode::not_our_database, "is not a database; choose another path");
            break;
        case SQLITE_CORRUPT:
            fail(ErrorCode::corrupt, "is damaged; restore it from a copy, or remove it and import again");
            break;
        case SQLITE_TOOBIG:
            fail(ErrorCode::too_large, "a content is over the limit of 1 GB");
            break;
        default:
            break;
    }
    throw Error(
        ErrorCode::internal,
        fmt::format("database '{}': {} (SQLite code {})", path, error.what(), error.getExtendedErrorCode()),
        path);
}

}  // namespace fluentsync::store
