#include "store/unwritten_read.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "fluentsync/error.hpp"
#include "store/database_place.hpp"
#include "store/open_connection.hpp"

namespace fluentsync::store {
namespace {

/// Where SQLite finds it, and its log beside it: behind symbolic links.
std::filesystem::path place_of(const std::string& path) {
    std::error_code unknown;
    auto place = std::filesystem::canonical(path, unknown);
    return unknown ? std::filesystem::path(path) : place;
}

struct stat look_at(const std::string& path) {
    struct stat found = {};
    if (::stat(path.c_str(), &found) == 0) return found;
    throw Error(ErrorCode::cannot_open,
                fmt::format("cannot open database '{}': {}", path, std::generic_category().message(errno)),
                path);
}

bool is_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// SQLite's URI, in which some characters of a path mean something.
std::string uri_of(const std::string& path, const char* how) {
    constexpr std::string_view kSpecial = "%?#";
    std::string uri = "file:";
    for (const char c : path) {
        if (kSpecial.find(c) == std::string_view::npos) {
            uri += c;
        } else {
            uri += fmt::format("%{:02x}", static_cast<unsigned>(c));
        }
    }
    return uri + how;
}

/// Opened; whether it can be read shows with the first look.
std::unique_ptr<Connection> open_log(const std::string& path, const std::string& place,
                                     std::int64_t cache_kib) {
    try {
        auto connection = open_by_uri(uri_of(place, "?readonly_shm=1"), cache_kib);
        connection->raw().execAndGet("SELECT count(*) FROM sqlite_schema");
        return connection;
    } catch (const SQLite::Exception& error) {
        const int code = error.getErrorCode() & 0xff;
        if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) throw;
        throw Error(
            ErrorCode::cannot_open,
            fmt::format("database '{}': its newest changes are in a log that can be read only where it may "
                        "be written; copy database and log to such a place, or ask its owner",
                        path),
            path);
    }
}

}  // namespace

bool may_write(const std::string& path) {
    const auto place = place_of(path);
    const auto folder = place.has_parent_path() ? place.parent_path() : std::filesystem::path(".");
    return ::faccessat(AT_FDCWD, place.c_str(), W_OK, AT_EACCESS) == 0 &&
           ::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0;
}

UnwrittenRead::UnwrittenRead(const std::string& path, std::int64_t cache_kib) : path_(path) {
    const std::string place = checked_database(path);
    const struct stat found = look_at(path);
    std::error_code none;
    const auto log = std::filesystem::file_size(place + "-wal", none);
    if (!none && log > 0) {
        connection_ = open_log(path, place, cache_kib);
        return;
    }
    before_ = found;
    connection_ = open_by_uri(uri_of(place, "?immutable=1"), cache_kib);
}

void UnwrittenRead::check() const {
    if (!before_ || is_same(*before_, look_at(path_))) return;
    throw Error(
        ErrorCode::busy,
        fmt::format("database '{}' was written by another process while it was read; try again", path_),
        path_);
}

}  // namespace fluentsync::store
