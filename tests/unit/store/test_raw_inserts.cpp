// What an INSERT by another program says, and what it takes away.
#include <catch2/catch.hpp>

#include "base/object_id.hpp"
#include "store/entity_table.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using namespace fluentsync::store;

namespace {

// A store with note/a, note/b and note/c, each its id as content.
struct ThreeNotes {
    ThreeNotes() : path(folder / "store.db"), database(options_for(path)) {
        for (const char* id : {"a", "b", "c"})
            put(id, id);
    }
    void put(const std::string& id, const std::string& content) {
        database.write(Durability::full, [&](Connection& c) {
            put_entity(c, {{"note", id}, content, base::hash_blob(content), "{}"}, {}, 1000);
        });
    }
    std::int64_t count(const std::string& sql) {
        return SQLite::Database(path).execAndGet("SELECT count(*) FROM " + sql).getInt64();
    }
    std::int64_t to_heal() { return count("entities WHERE hash IS NULL AND metadata IS NULL"); }
    std::string hash(const std::string& id) {
        std::optional<EntityHead> head;
        database.read([&](Connection& c) { head = find_head(c, {"note", id}); });
        return head ? head->hash.hex() : "";
    }

    TempFolder folder;
    std::string path;
    Database database;
};

}  // namespace

TEST_CASE("our own writes keep the hash that they come with") {
    ThreeNotes f;
    f.put("a", "other");
    f.put("d", "d");
    CHECK(f.to_heal() == 0);
    CHECK(f.count("entities WHERE version = 1") == 3);
}

TEST_CASE("raw SQL: an insert's hash is not believed") {
    ThreeNotes f;
    raw(f.path,
        "INSERT INTO entities(type, id, hash, metadata, content) SELECT type, id || id, hash, metadata, "
        "content || 'more' FROM entities");
    CHECK(f.to_heal() == 3);
    CHECK(f.hash("aa") == base::hash_blob("amore").hex());
    CHECK(f.hash("cc") == base::hash_blob("cmore").hex());
    raw(f.path,
        "INSERT OR REPLACE INTO entities(type, id, hash, metadata, content) SELECT type, id, hash, "
        "metadata, 'new' FROM entities");
    CHECK(f.to_heal() == 6);
    CHECK(f.hash("a") == base::hash_blob("new").hex());
}
