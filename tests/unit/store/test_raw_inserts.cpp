// What an INSERT by another program says, and what it takes away.
#include <catch2/catch.hpp>
#include <set>

#include "base/object_id.hpp"
#include "store/change_log.hpp"
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
    void agree_on_all() {
        database.write(Durability::full, [](Connection& c) {
            for (const Change& change : pending_changes(c, 0, 100))
                consume_change(c, change.key, change.seq, std::nullopt);
        });
    }
    std::vector<Change> pending() {
        std::vector<Change> changes;
        database.read([&](Connection& c) { changes = pending_changes(c, 0, 100); });
        return changes;
    }
    std::optional<std::string> base(const std::string& id) {
        std::optional<std::string> content;
        database.read([&](Connection& c) { content = base_content(c, {"note", id}); });
        return content;
    }
    void remove_by_api(const std::string& id) {
        database.write(Durability::full, [&](Connection& c) {
            const std::int64_t before = last_seq(c);
            erase_entity(c, {"note", id}, {});
            mark_api_deletions(c, before);
        });
    }
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

TEST_CASE("raw SQL: a row that replaces another's at its key deletes it") {
    ThreeNotes f;
    f.agree_on_all();
    f.put("c", "changed");
    raw(f.path,
        "INSERT OR REPLACE INTO entities(key, type, id, content) SELECT key, type, 'new ' || id, content "
        "FROM entities WHERE id <> 'b'");
    const auto changes = f.pending();
    REQUIRE(changes.size() == 4);
    std::set<std::string> deleted;
    for (const Change& change : changes) {
        if (change.kind == ChangeKind::deleted) deleted.insert(change.key.id);
        CHECK(!change.by_api);
    }
    CHECK(deleted == std::set<std::string>{"a", "c"});
    CHECK(f.base("a") == "a");
    CHECK(f.base("c") == "c");
    CHECK(f.count("replaced_rows") == 0);
}

TEST_CASE("raw SQL: a row that was in its own place before is no deletion") {
    ThreeNotes f;
    f.agree_on_all();
    raw(f.path,
        "INSERT OR REPLACE INTO entities(key, type, id, content) SELECT key, type, id, 'x' FROM entities");
    for (const Change& change : f.pending())
        CHECK(change.kind == ChangeKind::created);
    CHECK(f.pending().size() == 3);
}

TEST_CASE("raw SQL: an insert over another's key that was ignored changes nothing, now or later") {
    ThreeNotes f;
    f.agree_on_all();
    raw(f.path,
        "INSERT OR IGNORE INTO entities(key, type, id, content) SELECT key, type, 'new', content FROM "
        "entities "
        "WHERE id = 'a'");
    CHECK(f.pending().empty());
    CHECK(f.base("a") == "a");
    SECTION("for the entity") {
        f.put("d", "d");
        CHECK(f.pending().size() == 1);
        CHECK(f.base("a") == "a");
    }
    SECTION("for its deletion through the API") {
        f.remove_by_api("a");
        f.put("d", "d");
        REQUIRE(f.pending().size() == 2);
        CHECK(f.pending().front().by_api);
    }
    CHECK(f.count("replaced_rows") == 0);
}
