// A version never comes back, whatever way its row went.
#include <catch2/catch.hpp>

#include "fluentsync/entity_store.hpp"
#include "store/schema.hpp"
#include "store/schema_sql.hpp"
#include "store/store_body.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

std::int64_t version_of(const EntityStore& entities, const std::string& id) {
    const auto entity = entities.get({"note", id});
    return entity ? entity->version : 0;
}

}  // namespace

TEST_CASE("versions: a stale writer does not win against an entity that was made anew") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "a", "one"});
    CHECK(entities.put({"note", "a", "two"}).version == 2);
    entities.remove({"note", "a"});
    const auto anew = entities.create({"note", "a", "anew"});
    CHECK(anew.created);
    CHECK(anew.version == 3);
    CHECK(version_of(entities, "a") == 3);
    for (const std::int64_t stale : {1, 2}) {
        CHECK(code_of([&] { entities.put({"note", "a", "stale"}, {stale}); }) == ErrorCode::version_mismatch);
        CHECK(code_of([&] { entities.remove({"note", "a"}, {stale}); }) == ErrorCode::version_mismatch);
    }
    CHECK(entities.put({"note", "a", "four"}, {3}).version == 4);
    entities.remove({"note", "a"}, {4});
    CHECK(entities.put({"note", "a", "five"}, {0}).version == 5);
    CHECK(entities.put({"note", "other", "x"}).version == 1);
    entities.transaction([&](EntityTransaction& transaction) {
        transaction.remove({"note", "a"});
        CHECK(transaction.put({"note", "a", "six"}).version == 6);
    });
    CHECK(version_of(entities, "a") == 6);
}

TEST_CASE("versions: rows that another program deletes, replaces or renames count on") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore entities(options_for(path));
    entities.put({"note", "a", "one"});
    entities.put({"note", "a", "two"});
    entities.put({"note", "b", "b"});
    SECTION("deleted and inserted") {
        raw(path, "DELETE FROM entities WHERE id = 'a'");
        raw(path, "INSERT INTO entities(type, id, content) VALUES('note', 'a', 'raw')");
        CHECK(version_of(entities, "a") == 3);
    }
    SECTION("deleted by them, made by us") {
        raw(path, "DELETE FROM entities");
        CHECK(entities.put({"note", "a", "ours"}).version == 3);
        CHECK(entities.put({"note", "b", "ours"}).version == 2);
    }
    SECTION("replaced by its name") {
        raw(path, "INSERT OR REPLACE INTO entities(type, id, content) VALUES('note', 'a', 'raw')");
        CHECK(version_of(entities, "a") == 3);
        CHECK(entities.get({"note", "a"})->content == "raw");
    }
    SECTION("replaced by its key") {
        raw(path,
            "INSERT OR REPLACE INTO entities(key, type, id, content) "
            "SELECT key, 'note', 'c', 'raw' FROM entities WHERE id = 'a'");
        CHECK(version_of(entities, "c") == 1);
        CHECK(entities.put({"note", "a", "ours"}).version == 3);
    }
    SECTION("renamed away and back") {
        raw(path, "UPDATE entities SET id = 'c' WHERE id = 'a'");
        CHECK(entities.put({"note", "a", "ours"}).version == 3);
        raw(path, "DELETE FROM entities WHERE id = 'a'");
        raw(path, "UPDATE entities SET id = 'a' WHERE id = 'c'");
        CHECK(version_of(entities, "a") == 4);
    }
    SECTION("renamed over another") {
        raw(path, "UPDATE OR REPLACE entities SET id = 'a' WHERE id = 'b'");
        CHECK(version_of(entities, "a") == 3);
        CHECK(entities.put({"note", "b", "ours"}).version == 2);
    }
    SECTION("an insert that comes to nothing") {
        raw(path, "INSERT OR IGNORE INTO entities(type, id, content) VALUES('note', 'a', 'raw')");
        CHECK(version_of(entities, "a") == 2);
        CHECK(entities.put({"note", "a", "three"}, {2}).version == 3);
    }
}

TEST_CASE("versions: an older database counts on from where it is") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    {
        SQLite::Database old(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        for (std::size_t i = 0; i < 4; ++i)  // Before floors.
            old.exec(store::kSchemaSteps[i]);
        old.exec(
            "PRAGMA application_id = 0x466C5379; PRAGMA user_version = 4; INSERT INTO entities(type, id, "
            "version, content) VALUES('note', 'a', 7, 'seven')");
    }
    EntityStore entities(options_for(path));
    CHECK(version_of(entities, "a") == 7);
    entities.remove({"note", "a"}, {7});
    CHECK(entities.put({"note", "a", "anew"}).version == 8);
    CHECK(entities.put({"note", "b", "new"}).version == 1);
}
