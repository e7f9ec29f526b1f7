#include <sys/inotify.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "fluentsync/entity_store.hpp"
#include "store/database.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using store::Database;

namespace {

namespace fs = std::filesystem;

std::string refusal(const std::string& path) {
    try {
        Database database(options_for(path));
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::cannot_open);
        return error.what();
    }
    return {};
}

void put_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string bytes_at(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

mode_t mode_at(const std::string& path) {
    struct stat info = {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 07777;
}

void put_something_else(const std::string& path, const std::string& kind, const std::string& target) {
    if (kind == "link") fs::create_symlink(target, path);
    if (kind == "FIFO") REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    if (kind == "folder") fs::create_directory(path);
}

/// Names of files that were made in a folder since.
class Made {
  public:
    explicit Made(const std::string& folder) : queue_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        REQUIRE(::inotify_add_watch(queue_, folder.c_str(), IN_CREATE) >= 0);
    }
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;
    ~Made() { ::close(queue_); }
    std::string names() const {
        alignas(inotify_event) char buffer[16384];
        const auto size = ::read(queue_, buffer, sizeof buffer);
        std::string names;
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            names.append(event->name).push_back(' ');
            at += static_cast<ssize_t>(sizeof *event + event->len);
        }
        return names;
    }

  private:
    int queue_;
};

}  // namespace

TEST_CASE("database: a link in place of it is not followed, and nothing is made where it leads") {
    TempFolder folder;
    const std::string keys = folder / "authorized_keys";
    const bool there = GENERATE(true, false);
    if (there) put_file(keys, "");
    fs::create_symlink(keys, folder / "store.db");
    CHECK(refusal(folder / "store.db").find("symbolic link") != std::string::npos);
    CHECK(fs::exists(keys) == there);
    CHECK(bytes_at(keys).empty());
}

TEST_CASE("database: its folder may be reached by links") {
    TempFolder folder;
    fs::create_directory(folder / "real");
    fs::create_directory_symlink(folder / "real", folder / "link");
    EntityStore(options_for(folder / "link/store.db")).put({"note", "a", "x"});
    CHECK(EntityStore(options_for(folder / "real/store.db")).count() == 1);
}

TEST_CASE("database: a log that is no regular file is refused") {
    const std::string kind = GENERATE("link", "FIFO", "folder");
    const std::string suffix = GENERATE("-wal", "-shm");
    CAPTURE(kind, suffix);
    TempFolder folder;
    put_file(folder / "mine", "mine");
    { Database database(options_for(folder / "store.db")); }
    put_something_else(folder / ("store.db" + suffix), kind, folder / "mine");
    CHECK(refusal(folder / "store.db").find(suffix) != std::string::npos);
    CHECK(bytes_at(folder / "mine") == "mine");
}

TEST_CASE("database: a rollback journal beside it is neither replayed nor removed") {
    TempFolder folder;
    const std::string journal = folder / "store.db-journal";
    const std::string kind = GENERATE("file", "empty file", "link", "FIFO", "folder");
    CAPTURE(kind);
    if (GENERATE(true, false)) Database(options_for(folder / "store.db"));
    put_file(folder / "mine", "mine");
    if (kind == "file") put_file(journal, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 and more");
    if (kind == "empty file") put_file(journal, "");
    put_something_else(journal, kind, folder / "mine");
    const std::string before = bytes_at(folder / "store.db");
    CHECK(refusal(folder / "store.db").find("store.db-journal") != std::string::npos);
    CHECK(fs::exists(fs::symlink_status(journal)));
    CHECK(bytes_at(folder / "store.db") == before);
}

TEST_CASE("database: nor is one that comes while it is open") {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    put_file(folder / "store.db-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7");
    CHECK(code_of([&] { database.read([](store::Connection&) {}); }) == ErrorCode::cannot_open);
    fs::remove(folder / "store.db-journal");
    CHECK(code_of([&] { database.read([](store::Connection&) {}); }) == ErrorCode::ok);
}

TEST_CASE("database: none is ever made, so that a stranger's is known") {
    TempFolder folder;
    const Made made(folder / ".");
    EntityStore(options_for(folder / "store.db")).put({"note", "a", "x"});
    const std::string names = made.names();
    CHECK(names.find("store.db-wal") != std::string::npos);
    CHECK(names.find("-journal") == std::string::npos);
}

TEST_CASE("database: a new one is its owner's alone to read, whatever the umask; an old one stays as it is") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    const mode_t before = ::umask(0);
    {
        const Database database(options_for(path));
        for (const char* suffix : {"", "-wal", "-shm"})
            CHECK(mode_at(path + suffix) == 0600);
    }
    ::umask(before);
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    const Database database(options_for(path));
    CHECK(mode_at(path) == 0640);
}

TEST_CASE("database: one in a state folder is ours, or refused; and nobody else's to read or lock") {
    TempFolder folder;
    const std::string path = folder / "root/.fluentsync/store.db";
    EntityStore store(options_for(path));  // Open all along: its log stays.
    store.put({"note", "a", "x"});
    const std::string part = GENERATE("", "-wal", "-shm");
    SECTION("of lax modes") {
        REQUIRE(::chmod((path + part).c_str(), 0664) == 0);
        REQUIRE(::chmod((folder / "root/.fluentsync").c_str(), 0775) == 0);
        CHECK(refusal(path).empty());
        CHECK(mode_at(path + part) == 0600);
        CHECK(mode_at(folder / "root/.fluentsync") == 0700);
        store.put({"note", "b", "x"});
    }
    SECTION("somebody else's") {
        if (::geteuid() != 0) return;  // Only root gives files away.
        REQUIRE(::chown((path + part).c_str(), 65534, 65534) == 0);
        CHECK(refusal(path).find("belongs to user 'nobody'") != std::string::npos);
    }
    SECTION("of a second name") {
        fs::create_hard_link(path + part, folder / "second");
        CHECK(refusal(path).find("hard link") != std::string::npos);
    }
}

TEST_CASE("database: no link leads out of a state folder") {
    TempFolder folder;
    fs::create_directories(folder / "root/.fluentsync");
    fs::create_directory(folder / "outside");
    SECTION("a folder in it") {
        fs::create_directory_symlink(folder / "outside", folder / "root/.fluentsync/deeper");
    }
    SECTION("a folder in it that leads nowhere yet") {
        fs::create_directory_symlink(folder / "outside/new", folder / "root/.fluentsync/deeper");
    }
    SECTION("itself") {
        fs::remove(folder / "root/.fluentsync");
        fs::create_directory_symlink(folder / "outside", folder / "root/.fluentsync");
    }
    CHECK_FALSE(refusal(folder / "root/.fluentsync/deeper/one/store.db").empty());
    CHECK(fs::is_empty(folder / "outside"));
    fs::create_directory_symlink(folder / "root", folder / "way");  // How one gets to the root is one's own.
    fs::remove_all(folder / "root/.fluentsync");
    CHECK(refusal(folder / "way/.fluentsync/deeper/store.db").empty());
    CHECK(mode_at(folder / "root/.fluentsync/deeper") == 0700);
}
