#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <string>

#include "fluentsync/error.hpp"
#include "store/sqlite_error.hpp"

using fluentsync::Error;
using fluentsync::ErrorCode;

namespace {

Error translation_of(int code) {
    try {
        fluentsync::store::throw_translated(SQLite::Exception("what SQLite says", code), "/there/store.db");
    } catch (const Error& error) {
        return error;
    }
}

}  // namespace

TEST_CASE("what passes by itself is worth another try") {
    for (const int code : {SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_FULL, SQLITE_IOERR_WRITE}) {
        INFO(code);
        CHECK(translation_of(code).retryable());
    }
    CHECK_FALSE(translation_of(SQLITE_CORRUPT).retryable());
    CHECK_FALSE(translation_of(SQLITE_MISUSE).retryable());
}

TEST_CASE("a file that cannot be opened for want of descriptors is told as that") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{0, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    const Error error = translation_of(SQLITE_CANTOPEN);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(std::string(error.what()).find("too many files are open") != std::string::npos);
    CHECK(error.retryable());
    CHECK(translation_of(SQLITE_CANTOPEN).code() == ErrorCode::cannot_open);
}

TEST_CASE("an error of the database names it, and what to do") {
    const Error error = translation_of(SQLITE_NOTADB);
    CHECK(error.code() == ErrorCode::not_our_database);
    CHECK(error.path() == "/there/store.db");
    CHECK(std::string(error.what()).find("choose another path") != std::string::npos);
}
