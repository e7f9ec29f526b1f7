// A database whose files somebody deletes or replaces while it is open.
#include "store/database_files.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
namespace fs = std::filesystem;

namespace {

void remove_all_of(const std::string& path) {
    for (const char* suffix : {"", "-wal", "-shm"})
        fs::remove(path + suffix);
}

std::vector<std::string> ids(const std::string& path) {
    const EntityStore store(options_for(path));
    std::vector<std::string> found;
    for (const Entity& entity : store.list())
        found.push_back(entity.id);
    return found;
}

}  // namespace

TEST_CASE("a deleted database takes no write and answers no read") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore store(options_for(path));
    store.put({"note", "a", "x"});
    remove_all_of(path);
    const auto write = [&] { store.put({"note", "b", "x"}); };
    CHECK(code_of(write) == ErrorCode::database_gone);
    CHECK(message_of(write).find("its file was deleted while it was open") != std::string::npos);
    CHECK(message_of(write).find('\n') == std::string::npos);
    CHECK(code_of([&] { store.get({"note", "a"}); }) == ErrorCode::database_gone);
    // Somebody makes a new one there.
    EntityStore(options_for(path)).put({"note", "theirs", "x"});
    CHECK(code_of(write) == ErrorCode::database_gone);
    CHECK(message_of(write).find("replaced") != std::string::npos);
    store.close();
    CHECK(ids(path) == std::vector<std::string>{"theirs"});
}

TEST_CASE("a reader that is opened late does not answer from another database") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    const EntityStore store(options_for(path));
    remove_all_of(path);
    EntityStore other(options_for(path));
    other.put({"note", "theirs", "x"});
    CHECK(code_of([&] { static_cast<void>(store.list()); }) == ErrorCode::database_gone);
}

TEST_CASE("a link that leads to another database's folder now is noticed") {
    TempFolder folder;
    const std::string path = folder / "link/store.db";
    EntityStore(options_for(folder / "one/store.db")).put({"note", "a", "x"});
    EntityStore(options_for(folder / "two/store.db")).put({"note", "b", "x"});
    fs::create_directory_symlink("one", folder / "link");
    EntityStore store(options_for(path));
    store.put({"note", "c", "x"});
    fs::remove(folder / "link");
    fs::create_directory_symlink("two", folder / "link");
    CHECK(code_of([&] { store.put({"note", "d", "x"}); }) == ErrorCode::database_gone);
}

TEST_CASE("a database that was moved away is gone until it is back") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore store(options_for(path));
    fs::rename(path, path + ".old");
    CHECK(message_of([&] { store.put({"note", "a", "x"}); }).find("moved away") != std::string::npos);
    fs::rename(path + ".old", path);
    CHECK(store.put({"note", "a", "x"}).created);
}

TEST_CASE("a folder that is moved as a whole takes its open database along") {
    TempFolder folder;
    fs::create_directory(folder / "here");
    EntityStore store(options_for(folder / "here/store.db"));
    store.put({"note", "a", "x"});
    fs::rename(folder / "here", folder / "there");
    CHECK(store.put({"note", "b", "x"}).created);
    fs::create_directory(folder / "here");  // As a mount point is there when its disk is not.
    CHECK(store.put({"note", "c", "x"}).created);
    store.close();
    CHECK(ids(folder / "there/store.db").size() == 3);
}

TEST_CASE("a folder that is deleted takes the database along for good") {
    TempFolder folder;
    fs::create_directory(folder / "here");
    EntityStore store(options_for(folder / "here/store.db"));
    fs::remove_all(folder / "here");
    CHECK(code_of([&] { store.put({"note", "a", "x"}); }) == ErrorCode::database_gone);
}

TEST_CASE("a log that is deleted ends the writes and loses none that was acknowledged") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    const std::string suffix = GENERATE("-wal", "-shm");
    EntityStore store(options_for(path));
    store.put({"note", "a", "x"});
    fs::remove(path + suffix);
    CHECK(message_of([&] {
              store.put({"note", "b", "x"});
          }).find(suffix + "' was deleted") != std::string::npos);
    CHECK(ids(path) == std::vector<std::string>{"a"});  // While it is open, too.
    store.close();
    CHECK(ids(path) == std::vector<std::string>{"a"});
}

TEST_CASE("the log of another database is not deleted on closing") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore store(options_for(path));
    store.put({"note", "a", "x"});
    fs::remove(path + "-wal");
    std::ofstream(path + "-wal") << "somebody else's";
    store.close();
    CHECK(fs::file_size(path + "-wal") == 15);
}

TEST_CASE("a store with a loop tells at once that its database has gone, and once") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EventLoop loop;
    EntityStore store(loop, options_for(path));
    Collector collector;
    const auto subscription = store.subscribe(collector);
    fs::remove(path);
    REQUIRE(collector.wait_for(1));
    CHECK(collector.events()[0].kind == EventKind::error);
    CHECK(collector.events()[0].code == ErrorCode::database_gone);
    CHECK(collector.events()[0].path == path);
}
