// Keys that the sqlite3 shell writes as BLOBs.
#include <catch2/catch.hpp>

#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "store/store_body.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

const EntityKey kKey{"note", "ab"};

struct Fixture {
    Fixture() { EntityStore made(options_for(path)); }
    std::int64_t number(const std::string& sql) const {
        SQLite::Database database(path, SQLite::OPEN_READONLY);
        return database.execAndGet(sql).getInt64();
    }
    std::int64_t blobs() const {
        return number(
            "SELECT (SELECT count(*) FROM entities WHERE typeof(type) || typeof(id) <> 'texttext') + "
            "(SELECT count(*) FROM change_log WHERE typeof(type) || typeof(id) <> 'texttext') + "
            "(SELECT count(*) FROM base_contents WHERE typeof(type) || typeof(id) <> 'texttext') + "
            "(SELECT count(*) FROM passed_versions WHERE typeof(type) || typeof(id) <> 'texttext')");
    }

    TempFolder folder;
    const std::string path = folder / "store.db";
};

}  // namespace

TEST_CASE("raw SQL: a key written as a BLOB is the entity of the same text") {
    Fixture f;
    const auto key =
        GENERATE(as<std::string>(), "'note', x'6162'", "x'6e6f7465', 'ab'", "x'6e6f7465', x'6162'");
    CAPTURE(key);
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES(" + key + ", 'one')");
    EntityStore entities(options_for(f.path));
    REQUIRE(entities.get(kKey));
    CHECK(entities.get(kKey)->content == "one");
    CHECK(entities.list().size() == 1);
    CHECK(entities.types() == std::vector<std::string>{"note"});
    CHECK(f.blobs() == 0);
    CHECK(f.number("SELECT count(*) FROM change_log WHERE kind = 'c' AND id = 'ab'") == 1);
    CHECK(f.number("SELECT count(*) FROM change_log") == 1);
    CHECK(entities.put({"note", "ab", "two"}).version == 2);
}

TEST_CASE("raw SQL: an open store notices a BLOB key and tells of it once") {
    Fixture f;
    EventLoop loop;
    EntityStore entities(loop, options_for(f.path));
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'one')");
    REQUIRE(collector.wait_for(1));
    entities.put({"note", "fence", "x"});
    REQUIRE(collector.wait_for(2));
    CHECK(collector.events().size() == 2);
    CHECK(collector.events()[0].kind == EventKind::entity_created);
    CHECK(collector.events()[0].id == "ab");
    CHECK(entities.get(kKey));
}

TEST_CASE("raw SQL: an entity renamed to a BLOB key keeps both names' bases") {
    Fixture f;
    EntityStore entities(options_for(f.path));
    entities.put({"note", "a", "one"});
    entities.body().write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        store::consume_change(writer.connection(), {"note", "a"}, 99, std::nullopt);
    });
    raw(f.path, "UPDATE entities SET id = x'6162'");
    entities.body().look_for_foreign_writes();
    CHECK(f.blobs() == 0);
    CHECK(entities.get(kKey)->content == "one");
    entities.body().read([](store::Connection& connection) {
        const auto changes = store::pending_changes(connection, 0, 10);
        REQUIRE(changes.size() == 2);
        CHECK(changes[0].kind == store::ChangeKind::deleted);
        CHECK(changes[0].key.id == "a");
        CHECK(changes[1].kind == store::ChangeKind::created);
        CHECK(store::base_content(connection, {"note", "a"}) == "one");
        CHECK_FALSE(store::base_content(connection, kKey));
    });
}

TEST_CASE("raw SQL: a BLOB key that came and went leaves nothing to export") {
    Fixture f;
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'one')");
    raw(f.path, "UPDATE entities SET content = 'two'");
    raw(f.path, "DELETE FROM entities");
    EntityStore entities(options_for(f.path));
    entities.body().look_for_foreign_writes();
    CHECK(f.blobs() == 0);
    CHECK(f.number("SELECT count(*) FROM change_log") == 0);
}

TEST_CASE("raw SQL: of a BLOB key and its text twin the text stays, other content becomes a conflict") {
    Fixture f;
    EntityStore entities(options_for(f.path));
    entities.put({"note", "ab", "text"});
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'text')");
    entities.body().look_for_foreign_writes();
    CHECK(entities.conflicts().empty());
    CHECK(entities.count() == 1);
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'blob')");
    entities.body().look_for_foreign_writes();
    CHECK(f.blobs() == 0);
    CHECK(entities.get(kKey)->content == "text");
    const auto conflicts = entities.conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].loser_content == "blob");
    CHECK(conflicts[0].winner_content == "text");
    entities.resolve_conflict(conflicts[0].number, ConflictChoice::loser);
    CHECK(entities.get(kKey)->content == "blob");
}

TEST_CASE("a walk over all keys ends though a BLOB key has just been written") {
    Fixture f;
    EntityStore entities(options_for(f.path));
    entities.put({"note", "ab", "text"});
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'blob')");
    entities.body().read([](store::Connection& connection) {
        const auto keys = store::list_keys(connection, std::nullopt, 10);
        REQUIRE(keys == std::vector<EntityKey>{kKey});
        CHECK(store::list_keys(connection, kKey, 10).empty());
    });
}
