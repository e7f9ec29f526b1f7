#include <catch2/catch.hpp>

#include "base/object_id.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using namespace fluentsync::store;

namespace {

const EntityKey kA{"note", "a"};
const EntityKey kB{"note", "b"};

// A store whose entity note/a is agreed at "one".
struct Fixture {
    Fixture() : path(folder / "store.db"), database(options_for(path)) {
        put(kA, "one");
        agree(kA, "one");
    }
    void write(const std::function<void(Connection&)>& work) { database.write(Durability::full, work); }
    void put(const EntityKey& key, const std::string& content) {
        write([&](Connection& c) {
            put_entity(c, {key, content, base::hash_blob(content), "{}"}, {}, 1000);
        });
    }
    void erase(const EntityKey& key) {
        write([&](Connection& c) { erase_entity(c, key, {}); });
    }
    void agree(const EntityKey& key, std::optional<std::string_view> content) {
        write([&](Connection& c) { consume_change(c, key, last_seq(c), content); });
    }
    std::vector<Change> pending() {
        std::vector<Change> changes;
        database.read([&](Connection& c) { changes = pending_changes(c, 0, 100); });
        return changes;
    }
    std::optional<std::string> base(const EntityKey& key) {
        std::optional<std::string> content;
        database.read([&](Connection& c) { content = base_content(c, key); });
        return content;
    }
    std::vector<base::ObjectId> passed(const EntityKey& key) {
        std::vector<base::ObjectId> hashes;
        database.read([&](Connection& c) { hashes = passed_versions(c, key); });
        return hashes;
    }
    Entity entity(const EntityKey& key) {
        std::optional<Entity> entity;
        database.read([&](Connection& c) { entity = find_entity(c, key); });
        if (!entity) throw std::runtime_error("no such entity");
        return *entity;
    }
    std::int64_t copies() {
        return SQLite::Database(path).execAndGet("SELECT count(*) FROM base_contents").getInt64();
    }
    bool unhealed() {
        return SQLite::Database(path)
                   .execAndGet("SELECT count(*) FROM entities WHERE hash IS NULL AND metadata IS NULL")
                   .getInt() == 1;
    }

    TempFolder folder;
    std::string path;
    Database database;
};

}  // namespace

TEST_CASE("the log keeps the newest change of each entity, in order") {
    Fixture f;
    CHECK(f.pending().empty());
    f.put(kB, "b1");
    f.put(kA, "two");
    f.put(kB, "b2");
    const auto changes = f.pending();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].key == kA);
    CHECK(changes[0].kind == ChangeKind::updated);
    CHECK(changes[1].key == kB);
    CHECK(changes[0].seq < changes[1].seq);
    f.database.read([&](Connection& c) {
        CHECK(count_changes(c) == 2);
        CHECK(last_seq(c) == changes[1].seq);
        REQUIRE(find_change(c, kA));
        CHECK(find_change(c, kA)->seq == changes[0].seq);
        CHECK(!find_change(c, {"note", "none"}));
        CHECK(pending_changes(c, changes[0].seq, 100).size() == 1);
        CHECK(pending_changes(c, 0, 1).size() == 1);
    });
}

TEST_CASE("the same content again is no change") {
    Fixture f;
    f.put(kA, "one");
    raw(f.path, "UPDATE entities SET content = 'one', type = 'note', id = 'a'");
    CHECK(f.pending().empty());
    CHECK(f.entity(kA).version == 1);
}

TEST_CASE("the base content is kept only while the store has moved on") {
    Fixture f;
    CHECK(f.copies() == 0);
    CHECK(f.base(kA) == "one");
    f.put(kA, "two");
    f.put(kA, "three");
    CHECK(f.base(kA) == "one");
    CHECK(f.copies() == 1);

    SECTION("agreeing on the newest drops it") {
        f.agree(kA, "three");
        CHECK(f.copies() == 0);
        CHECK(f.base(kA) == "three");
        CHECK(f.pending().empty());
    }
    SECTION("agreeing on an older one moves it") {
        const auto seq = f.pending().at(0).seq;
        f.put(kA, "four");
        f.write([&](Connection& c) { consume_change(c, kA, seq, "three"); });
        CHECK(f.base(kA) == "three");
        CHECK(f.pending().size() == 1);
    }
    SECTION("agreeing on absence takes it away though a newer change waits") {
        const auto seq = f.pending().at(0).seq;
        f.put(kA, "four");
        f.write([&](Connection& c) { consume_change(c, kA, seq, std::nullopt); });
        CHECK(!f.base(kA));
        CHECK(f.pending().size() == 1);
    }
    SECTION("it outlives a deletion and a new creation") {
        f.erase(kA);
        CHECK(f.base(kA) == "one");
        f.put(kA, "again");
        CHECK(f.base(kA) == "one");
    }
}

TEST_CASE("a new entity has no base content") {
    Fixture f;
    f.put(kB, "b");
    CHECK(!f.base(kB));
    CHECK(f.pending().at(0).kind == ChangeKind::created);
    f.erase(kB);
    CHECK(!f.base(kB));
    f.agree(kB, std::nullopt);
    CHECK(f.pending().empty());
}

TEST_CASE("a requested export is no change, and a change after it still keeps the base") {
    Fixture f;
    f.write([](Connection& c) { request_export(c, kA); });
    REQUIRE(f.pending().size() == 1);
    CHECK(f.base(kA) == "one");
    CHECK(f.copies() == 0);
    const auto seq = f.pending().at(0).seq;

    SECTION("consumed") {
        f.agree(kA, "one");
        CHECK(f.pending().empty());
    }
    SECTION("then changed") {
        f.put(kA, "two");
        CHECK(f.base(kA) == "one");
        f.write([&](Connection& c) { request_export(c, kA); });
        CHECK(f.base(kA) == "one");
        CHECK(f.pending().at(0).seq > seq + 1);
    }
    SECTION("then given another base") {
        f.write([](Connection& c) { set_base_content(c, kA, "zero"); });
        CHECK(f.base(kA) == "zero");
        f.put(kA, "two");
        CHECK(f.base(kA) == "zero");
    }
}

TEST_CASE("what a pending change has passed over is known until it is consumed") {
    Fixture f;
    f.put(kA, "two");
    CHECK(f.passed(kA).empty());
    f.put(kA, "three");
    SECTION("by a put") {
        f.put(kA, "four");
    }
    SECTION("by raw SQL") {
        raw(f.path, "UPDATE OR REPLACE entities SET content = 'four'");
    }
    SECTION("by the entity's end") {
        f.erase(kA);
    }
    CHECK(f.passed(kA) == std::vector{base::hash_blob("two"), base::hash_blob("three")});
    CHECK(f.passed(kB).empty());
    f.agree(kA, "four");
    CHECK(f.passed(kA).empty());
}

TEST_CASE("an agreement ends what a pending change has passed over, whatever came since") {
    Fixture f;
    f.put(kA, "two");
    std::int64_t seq = 0;
    f.database.read([&](Connection& c) { seq = last_seq(c); });
    f.put(kA, "three");
    f.write([&](Connection& c) { consume_change(c, kA, seq, "two"); });
    CHECK(f.passed(kA).empty());
    f.put(kA, "four");
    CHECK(f.passed(kA) == std::vector{base::hash_blob("three")});
}

TEST_CASE("what another version of the library has left behind is no version that was passed over") {
    Fixture f;
    f.write([&](Connection& c) {
        c.raw().exec("INSERT INTO passed_versions VALUES('note', 'a', '" + base::hash_blob("old").hex() +
                     "')");
    });
    SECTION("at a put") {
        f.put(kA, "two");
    }
    SECTION("at the entity's end") {
        f.erase(kA);
    }
    SECTION("at an insert") {
        raw(f.path, "INSERT OR REPLACE INTO entities(type, id, content) VALUES('note', 'a', 'two')");
    }
    CHECK(f.passed(kA).empty());
}

TEST_CASE("of the versions that a pending change has passed over only the last ones are known") {
    Fixture f;
    for (int i = 0; i < 100; ++i)
        f.put(kA, std::to_string(i));
    REQUIRE(f.passed(kA).size() == 32);
    CHECK(f.passed(kA).front() == base::hash_blob("67"));
    CHECK(f.passed(kA).back() == base::hash_blob("98"));
}

TEST_CASE("a deletion is marked when it was made through the API") {
    Fixture f;
    std::int64_t before = 0;
    f.database.read([&](Connection& c) { before = last_seq(c); });
    f.erase(kA);
    CHECK(!f.pending().at(0).by_api);
    f.write([&](Connection& c) { mark_api_deletions(c, before); });
    CHECK(f.pending().at(0).by_api);
    f.write([](Connection& c) { request_export(c, kA); });
    CHECK(f.pending().at(0).by_api);
    CHECK(f.pending().at(0).kind == ChangeKind::deleted);
}

TEST_CASE("raw SQL: an update loses hash and metadata, counts as a version, keeps the base") {
    Fixture f;
    raw(f.path, "UPDATE entities SET content = '---\nk: 1\n---\n' WHERE id = 'a'");
    CHECK(f.unhealed());
    const Entity entity = f.entity(kA);
    CHECK(entity.version == 2);
    CHECK(entity.updated > 1'600'000'000'000);
    CHECK(entity.metadata == R"({"k":1})");
    CHECK(entity.hash == base::hash_blob("---\nk: 1\n---\n").hex());
    CHECK(f.base(kA) == "one");
    CHECK(f.pending().size() == 1);

    f.write([](Connection& c) {
        CHECK(heal(c) == 1);
        CHECK(heal(c) == 0);
    });
    CHECK(!f.unhealed());
    CHECK(f.entity(kA).version == 2);
    CHECK(f.entity(kA).hash == entity.hash);
    CHECK(f.pending().size() == 1);
}

TEST_CASE("raw SQL: two updates in a row count twice, and the base stays the first") {
    Fixture f;
    raw(f.path, "UPDATE entities SET content = 'two'; UPDATE entities SET content = 'three'");
    CHECK(f.entity(kA).version == 3);
    CHECK(f.base(kA) == "one");
    CHECK(f.pending().size() == 1);
}

TEST_CASE("raw SQL: an insert is a creation with version and times") {
    Fixture f;
    raw(f.path, "INSERT INTO entities(type, id, content) VALUES('note', 'b', '---\nbad: [\n---\n')");
    const Entity entity = f.entity(kB);
    CHECK(entity.version == 1);
    CHECK(entity.created > 1'600'000'000'000);
    CHECK(entity.metadata == "{}");
    CHECK(f.pending().at(0).kind == ChangeKind::created);
    CHECK(!f.base(kB));
}

TEST_CASE("raw SQL: replace keeps the base, whatever its OR clause") {
    Fixture f;
    const auto statement =
        GENERATE("REPLACE INTO entities(type, id, content) VALUES('note', 'a', 'two')",
                 "INSERT OR REPLACE INTO entities(type, id, content) VALUES('note', 'a', 'two')",
                 "INSERT INTO entities(type, id, content) VALUES('note', 'a', 'two') "
                 "ON CONFLICT(type, id) DO UPDATE SET content = excluded.content",
                 "UPDATE OR IGNORE entities SET content = 'two' WHERE id = 'a'",
                 "UPDATE OR REPLACE entities SET content = 'two' WHERE id = 'a'");
    raw(f.path, statement);
    CHECK(f.entity(kA).content == "two");
    CHECK(f.entity(kA).hash == base::hash_blob("two").hex());
    CHECK(f.pending().size() == 1);
    CHECK(f.base(kA) == "one");
    raw(f.path, "REPLACE INTO entities(type, id, content) VALUES('note', 'a', 'three')");
    CHECK(f.base(kA) == "one");
    CHECK(f.pending().size() == 1);
}

TEST_CASE("raw SQL: an ignored insert changes nothing, now or later") {
    Fixture f;
    raw(f.path, "INSERT OR IGNORE INTO entities(type, id, content) VALUES('note', 'a', 'two')");
    CHECK(f.pending().empty());
    CHECK(f.base(kA) == "one");
    f.put(kA, "two");
    f.agree(kA, "two");
    CHECK(f.base(kA) == "two");
    f.put(kA, "three");
    CHECK(f.base(kA) == "two");
}

TEST_CASE("raw SQL: a new id is a deletion and a creation") {
    Fixture f;
    raw(f.path, "UPDATE entities SET id = 'b'");
    const auto changes = f.pending();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].key == kA);
    CHECK(changes[0].kind == ChangeKind::deleted);
    CHECK(changes[1].key == kB);
    CHECK(changes[1].kind == ChangeKind::created);
    CHECK(f.base(kA) == "one");
    CHECK(!f.base(kB));
    CHECK(f.entity(kB).content == "one");
}

TEST_CASE("raw SQL: a new id with new content is healed as well") {
    Fixture f;
    raw(f.path, "UPDATE entities SET id = 'b', content = 'two'");
    CHECK(f.base(kA) == "one");
    CHECK(f.entity(kB).hash == base::hash_blob("two").hex());
    CHECK(f.pending().size() == 2);
}

TEST_CASE("raw SQL: a new id over another entity keeps both bases") {
    Fixture f;
    f.put(kB, "b");
    f.agree(kB, "b");
    raw(f.path, "UPDATE OR REPLACE entities SET id = 'b' WHERE id = 'a'");
    CHECK(f.base(kA) == "one");
    CHECK(f.base(kB) == "b");
    CHECK(f.entity(kB).content == "one");
}

TEST_CASE("raw SQL: a delete is logged as nobody's word") {
    Fixture f;
    raw(f.path, "DELETE FROM entities");
    REQUIRE(f.pending().size() == 1);
    CHECK(f.pending()[0].kind == ChangeKind::deleted);
    CHECK(!f.pending()[0].by_api);
    CHECK(f.base(kA) == "one");
}

TEST_CASE("the plain sqlite3 shell can write") {
    if (!have_shell()) {
        WARN("skipped: no sqlite3 shell");
        return;
    }
    Fixture f;
    CHECK(shell(f.path,
                "UPDATE entities SET content = 'two'; INSERT INTO entities(type, id, content) "
                "VALUES('note', 'b', 'x'); DELETE FROM entities WHERE id = 'b';"));
    CHECK(f.pending().size() == 2);
    CHECK(f.base(kA) == "one");
}

TEST_CASE("keys are walked in batches, in order") {
    Fixture f;
    f.put({"task", "a"}, "x");
    f.put({"note", "c"}, "x");
    f.database.read([](Connection& c) {
        auto keys = list_keys(c, std::nullopt, 2);
        REQUIRE(keys == std::vector<EntityKey>{{"note", "a"}, {"note", "c"}});
        keys = list_keys(c, keys.back(), 2);
        REQUIRE(keys == std::vector<EntityKey>{{"task", "a"}});
        CHECK(list_keys(c, keys.back(), 2).empty());
    });
}
