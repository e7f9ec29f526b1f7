#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <thread>

#include "base/tuning.hpp"
#include "fluentsync/entity_store.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "store/schema.hpp"
#include "store/schema_sql.hpp"
#include "store/store_body.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using store::Connection;
using store::Database;
using store::Durability;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

ErrorCode open_code(const std::string& path) {
    return code_of([&] { Database database(options_for(path)); });
}

}  // namespace

TEST_CASE("a new database is made with its folders, marked as ours") {
    TempFolder folder;
    const std::string path = folder / "a/b/store.db";
    { Database database(options_for(path)); }
    SQLite::Database raw(path);
    CHECK(raw.execAndGet("PRAGMA application_id").getInt() == store::kApplicationId);
    CHECK(raw.execAndGet("PRAGMA user_version").getInt() == store::kSchemaVersion);
    CHECK(raw.execAndGet("PRAGMA page_size").getInt() == 8192);
    CHECK(raw.execAndGet("PRAGMA journal_mode").getString() == "wal");
}

TEST_CASE("opening a current database and looking changes no byte of it") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    {
        EntityStore entities(options_for(path));
        entities.put({"note", "a", "text"});
    }
    const std::string before = bytes_of(path);
    const auto time = std::filesystem::last_write_time(path);
    {
        EntityStore entities(options_for(path));
        CHECK(entities.get({"note", "a"})->content == "text");
        entities.put({"note", "a", "text"});
        // Not one frame in the log either.
        CHECK(std::filesystem::file_size(path + "-wal") == 0);
    }
    CHECK(bytes_of(path) == before);
    CHECK(std::filesystem::last_write_time(path) == time);
}

TEST_CASE("paths that cannot be a database are refused by name") {
    TempFolder folder;
    CHECK(open_code("") == ErrorCode::invalid_options);
    std::filesystem::create_directory(folder / "folder.db");
    CHECK(open_code(folder / "folder.db") == ErrorCode::cannot_open);
    CHECK(message_of([&] {
              Database database(options_for(folder / "folder.db"));
          }).find(folder / "folder.db") != std::string::npos);

    std::ofstream(folder / "notes.txt") << std::string(5000, 'x');
    const std::string before = bytes_of(folder / "notes.txt");
    CHECK(open_code(folder / "notes.txt") == ErrorCode::not_our_database);
    CHECK(open_code(folder / "notes.txt/below.db") == ErrorCode::cannot_open);
    std::ofstream(folder / "short.txt") << "hello";
    CHECK(open_code(folder / "short.txt") == ErrorCode::not_our_database);
    CHECK(bytes_of(folder / "notes.txt") == before);
}

TEST_CASE("another program's database is refused and left as it is") {
    TempFolder folder;
    const std::string path = folder / "theirs.db";
    {
        SQLite::Database theirs(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        theirs.exec("CREATE TABLE bookmarks(url)");
    }
    const std::string before = bytes_of(path);
    CHECK(open_code(path) == ErrorCode::not_our_database);
    CHECK(bytes_of(path) == before);

    raw(path, "PRAGMA application_id = 77");
    CHECK(open_code(path) == ErrorCode::not_our_database);
}

TEST_CASE("a database of the first version is brought up to date, with what is in it") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec(std::string(store::kSchemaSteps[0]) +
              "PRAGMA application_id = 0x466C5379; PRAGMA user_version = 1; INSERT INTO entities(type, "
              "id, content) VALUES('note', 'a', 'one');");
    Database database(options_for(path));
    CHECK(SQLite::Database(path).execAndGet("PRAGMA user_version").getInt() == store::kSchemaVersion);
    raw(path, "UPDATE entities SET content = 'two'");
    raw(path, "UPDATE entities SET content = 'three'");
    CHECK(SQLite::Database(path).execAndGet("SELECT content FROM entities").getString() == "three");
}

TEST_CASE("a ledger from before git's form knows what was committed as before") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    {
        SQLite::Database old(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        for (std::size_t i = 0; i < 5; ++i)
            old.exec(store::kSchemaSteps[i]);
        old.exec(
            "PRAGMA application_id = 0x466C5379; PRAGMA user_version = 5; INSERT INTO ledger(path, entity, "
            "executable, base, committed, size, mtime_ns, ctime_ns, inode) VALUES"
            "('same', 1, 0, zeroblob(20), zeroblob(20), 0, 0, 0, 0),"
            "('new', 1, 0, zeroblob(20), NULL, 0, 0, 0, 0)");
    }
    Database database(options_for(path));
    database.write(Durability::relaxed, [](Connection& connection) {
        CHECK(store::count_uncommitted(connection) == 1);
        CHECK_FALSE(store::find_row(connection, "same")->git_form);
    });
}

TEST_CASE("a newer database is refused") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    { Database database(options_for(path)); }
    raw(path, "PRAGMA user_version = 99");
    CHECK(open_code(path) == ErrorCode::newer_database);
    CHECK(message_of([&] { Database database(options_for(path)); }).find("99") != std::string::npos);
}

TEST_CASE("several threads may make the same database at once") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    std::vector<std::thread> threads;
    std::vector<ErrorCode> codes(4, ErrorCode::internal);
    for (std::size_t i = 0; i < codes.size(); ++i)
        threads.emplace_back([&, i] { codes[i] = open_code(path); });
    for (auto& thread : threads)
        thread.join();
    for (const ErrorCode code : codes)
        CHECK(code == ErrorCode::ok);
}

TEST_CASE("[trap-14] a database that another holds is busy, nothing else, and works again later") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore entities(options_for(path));
    SQLite::Database other(path, SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    CHECK(code_of([&] { entities.put({"note", "a", "text"}); }) == ErrorCode::busy);
    CHECK(Error(ErrorCode::busy, "").retryable());
    CHECK(entities.list().empty());  // Readers never wait.
    other.exec("ROLLBACK");
    CHECK(entities.put({"note", "a", "text"}).created);
}

TEST_CASE("whoever closes is not kept by a lock of another process") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    Database database(options_for(path));
    SQLite::Database other(path, SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    database.stop_waiting();
    const auto begin = std::chrono::steady_clock::now();
    CHECK(code_of([&] { database.write(Durability::full, [](Connection&) {}); }) == ErrorCode::busy);
    // What the call would have waited otherwise.
    CHECK(std::chrono::steady_clock::now() - begin < base::tuning::kBusyTimeout);
}

TEST_CASE("work that throws is rolled back, and its exception arrives") {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    CHECK_THROWS_AS(database.write(Durability::full,
                                   [](Connection& connection) {
                                       store::set_value(connection, "name", "value");
                                       throw std::runtime_error("stop");
                                   }),
                    std::runtime_error);
    database.read([](Connection& connection) { CHECK(!store::get_value(connection, "name")); });
}

TEST_CASE("calls inside a write on the same thread are misuse") {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    database.write(Durability::full, [&](Connection&) {
        CHECK(code_of([&] { database.write(Durability::full, [](Connection&) {}); }) == ErrorCode::misuse);
        CHECK(code_of([&] { database.read([](Connection&) {}); }) == ErrorCode::misuse);
        CHECK(code_of([&] { database.data_version(); }) == ErrorCode::misuse);
        CHECK(code_of([&] { database.close(); }) == ErrorCode::misuse);
    });
    database.read([&](Connection&) { database.write(Durability::relaxed, [](Connection&) {}); });
}

TEST_CASE("an acknowledged write waits for the disk, a relaxed one does not, and none where nobody asked") {
    TempFolder folder;
    auto options = options_for(folder / "store.db");
    options.durable = GENERATE(true, false);
    Database database(options);
    const auto synchronous = [&](Durability durability) {
        std::int64_t mode = -1;
        database.write(durability, [&](Connection& connection) {
            auto statement = connection.prepare("PRAGMA synchronous");
            statement->executeStep();
            mode = store::column_int(*statement, 0);
        });
        return mode;
    };
    const std::int64_t normal = 1;
    const std::int64_t full = options.durable ? 2 : normal;
    CHECK(synchronous(Durability::relaxed) == normal);
    CHECK(synchronous(Durability::full) == full);
    CHECK(synchronous(Durability::relaxed) == normal);
    CHECK(synchronous(Durability::full) == full);
}

TEST_CASE("data_version moves for others' commits and not for our own") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    Database database(options_for(path));
    const auto first = database.data_version();
    database.write(Durability::full, [](Connection& c) { store::set_value(c, "a", "1"); });
    CHECK(database.data_version() == first);
    raw(path, "INSERT INTO named_values VALUES('b', '2')");
    CHECK(database.data_version() != first);
}

TEST_CASE("close ends all calls, twice over") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore entities(options_for(path));
    entities.put({"note", "a", "text"});
    entities.close();
    entities.close();
    CHECK(code_of([&] { entities.get({"note", "a"}); }) == ErrorCode::closed);
    CHECK(code_of([&] { entities.put({"note", "a", "new"}); }) == ErrorCode::closed);
    CHECK(!std::filesystem::exists(path + "-wal"));
}
