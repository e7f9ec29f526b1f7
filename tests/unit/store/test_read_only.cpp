// Databases that are only read, also where nothing can be written.
#include <catch2/catch.hpp>

#include <fstream>
#include <optional>
#include <set>

#include "../../support/unprivileged.hpp"
#include "fluentsync/entity_store.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

namespace fs = std::filesystem;

StoreOptions to_read(const std::string& path) {
    StoreOptions options = options_for(path);
    options.read_only = true;
    return options;
}

/// A database in a folder neither of which can be written, even by who runs the tests.
class Place {
  public:
    explicit Place(const std::string& name = "store.db") : path_(folder_ / name) {
        EntityStore(options_for(path_)).put({"note", "a", "text"});
    }
    ~Place() { fs::permissions(folder(), fs::perms::owner_all); }

    const std::string& path() const { return path_; }
    void lock() const {
        for (const auto& entry : fs::directory_iterator(folder()))
            fs::permissions(entry.path(), fs::perms::owner_read);
        fs::permissions(folder(), fs::perms::owner_read | fs::perms::owner_exec);
    }
    void unlock() const {
        fs::permissions(folder(), fs::perms::owner_all);
        for (const auto& entry : fs::directory_iterator(folder()))
            fs::permissions(entry.path(), fs::perms::owner_read | fs::perms::owner_write);
    }
    std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder()))
            names.insert(entry.path().filename());
        return names;
    }

  private:
    fs::path folder() const { return fs::path(path_).parent_path(); }

    const support::Unprivileged unprivileged_;
    const TempFolder folder_;
    const std::string path_;
};

std::string read(const EntityStore& store, const std::string& id = "a") {
    const auto entity = store.get({"note", id});
    return entity ? entity->content : "";
}

}  // namespace

TEST_CASE("a database that is only read refuses what would write, and sees what others write") {
    const TempFolder folder;
    EntityStore writer(options_for(folder / "store.db"));
    EntityStore reader(to_read(folder / "store.db"));
    const auto refused = [](const std::function<void()>& call) {
        CHECK(code_of(call) == ErrorCode::misuse);
        CHECK(message_of(call).find("store.read_only") != std::string::npos);
    };
    refused([&] { reader.put({"note", "a", "text"}); });
    refused([&] { reader.remove({"note", "a"}); });
    refused([&] { reader.transaction([](EntityTransaction&) {}); });
    refused([&] { reader.confirm_deletions(); });
    writer.put({"note", "a", "---\ntitle: A\n---\n"});
    CHECK(read(reader) == "---\ntitle: A\n---\n");
    Query query;
    query.filters = {{"title", Compare::equal, "\"A\""}};
    CHECK(reader.count(query) == 1);
    writer.close();
    CHECK(reader.count() == 1);
}

TEST_CASE("a database that is only read has to be there, and is not made") {
    const TempFolder folder;
    CHECK(code_of([&] { EntityStore store(to_read(folder / "store.db")); }) == ErrorCode::cannot_open);
    CHECK_FALSE(fs::exists(folder / "store.db"));
    EntityStore(options_for(folder / "store.db")).close();
    raw(folder / "store.db", "PRAGMA user_version = 1");
    CHECK(message_of([&] { EntityStore store(to_read(folder / "store.db")); }).find("schema version 1") !=
          std::string::npos);
}

TEST_CASE(
    "a database that is only read is no link, and has no journal beside it, also where nothing can be "
    "written") {
    const bool locked = GENERATE(false, true);
    INFO("locked: " << locked);
    const Place place;
    const std::string link = place.path() + ".link";
    fs::create_symlink(place.path(), link);
    if (locked) place.lock();
    CHECK(message_of([&] { EntityStore store(to_read(link)); }).find("symbolic link") != std::string::npos);
    place.unlock();
    std::ofstream(place.path() + "-journal") << "somebody's";
    if (locked) place.lock();
    CHECK(message_of([&] { EntityStore store(to_read(place.path())); }).find("journal") != std::string::npos);
}

TEST_CASE("what cannot be written is read as it lies, and nothing is made beside it") {
    for (const std::string name : {"store.db", "a b?c#d%41.db"}) {
        const Place place(name);
        place.lock();
        CHECK(code_of([&] { EntityStore store(options_for(place.path())); }) != ErrorCode::ok);
        const EntityStore store(to_read(place.path()));
        CHECK(read(store) == "text");
        CHECK(store.list().size() == 1);
        CHECK(place.files() == std::set<std::string>{name});
        place.unlock();
        EntityStore(options_for(place.path())).put({"note", "a", "later"});
        place.lock();
        CHECK(read(store) == "later");
    }
}

TEST_CASE("a database that somebody else has open is read with the newest of its log") {
    const Place place;
    EntityStore writer(options_for(place.path()));
    writer.put({"note", "b", "in the log"});
    place.lock();
    const EntityStore store(to_read(place.path()));
    CHECK(read(store, "b") == "in the log");
    place.unlock();
}

TEST_CASE("a log that cannot be read where it lies is told, and never left out") {
    const Place place;
    const Place copy("copy.db");
    {
        EntityStore writer(options_for(place.path()));
        writer.put({"note", "b", "in the log"});
        fs::copy_file(place.path(), copy.path(), fs::copy_options::overwrite_existing);
        fs::copy_file(place.path() + "-wal", copy.path() + "-wal");
    }
    copy.lock();
    const auto open = [&] { EntityStore store(to_read(copy.path())); };
    CHECK(code_of(open) == ErrorCode::cannot_open);
    CHECK(message_of(open).find("log") != std::string::npos);
    copy.unlock();
    CHECK(read(EntityStore(to_read(copy.path())), "b") == "in the log");
}

TEST_CASE("what is written while a file is read without locks is found out") {
    const Place place;
    place.lock();
    const store::Database database(to_read(place.path()));
    const auto read_during = [&](const std::function<void()>& meanwhile) {
        return code_of([&] { database.read([&](store::Connection&) { meanwhile(); }); });
    };
    CHECK(read_during([] {}) == ErrorCode::ok);
    CHECK(read_during([&] {
              place.unlock();
              EntityStore(options_for(place.path())).put({"note", "a", "meanwhile"});
              place.lock();
          }) == ErrorCode::busy);
    CHECK(read(EntityStore(to_read(place.path()))) == "meanwhile");
}
