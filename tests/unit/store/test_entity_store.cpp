#include <catch2/catch.hpp>

#include "base/object_id.hpp"
#include "fluentsync/entity_store.hpp"
#include "store/store_body.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

TEST_CASE("an entity comes back as it was put") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    const std::string content = std::string("---\ntitle: x\n---\n\xEF\xBB\xBF line\r\n") + '\0' + "end";
    const auto result = entities.put({"note", "a/b", content});
    CHECK(result.changed);
    CHECK(result.created);
    CHECK(result.version == 1);

    const auto entity = entities.get({"note", "a/b"});
    REQUIRE(entity);
    CHECK(entity->content == content);
    CHECK(entity->hash == base::hash_blob(content).hex());
    CHECK(entity->metadata == R"({"title":"x"})");
    CHECK(entity->created == entity->updated);
    CHECK(entity->created > 1'600'000'000'000);
    CHECK(!entities.get({"note", "a"}));
}

TEST_CASE("empty content is content") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "a", ""});
    REQUIRE(entities.get({"note", "a"}));
    CHECK(entities.get({"note", "a"})->content.empty());
    CHECK(!entities.put({"note", "a", ""}).changed);
}

TEST_CASE("create refuses what is there") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.create({"note", "a", "one"});
    CHECK(code_of([&] { entities.create({"note", "a", "two"}); }) == ErrorCode::already_exists);
    CHECK(entities.get({"note", "a"})->content == "one");
}

TEST_CASE("put counts versions and compares them when asked") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    CHECK(code_of([&] { entities.put({"note", "a", "x"}, {1}); }) == ErrorCode::version_mismatch);
    CHECK(entities.put({"note", "a", "one"}, {0}).version == 1);
    CHECK(code_of([&] { entities.put({"note", "a", "two"}, {0}); }) == ErrorCode::version_mismatch);
    CHECK(entities.put({"note", "a", "two"}, {1}).version == 2);
    CHECK(code_of([&] { entities.put({"note", "a", "three"}, {1}); }) == ErrorCode::version_mismatch);
    CHECK(code_of([&] { entities.remove({"note", "a"}, {1}); }) == ErrorCode::version_mismatch);
    CHECK(entities.get({"note", "a"})->content == "two");
    CHECK(entities.remove({"note", "a"}, {2}));
    CHECK(!entities.remove({"note", "a"}));
}

TEST_CASE("bad drafts are refused with their key in the message") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    CHECK(code_of([&] { entities.put({"note", "../up", "x"}); }) == ErrorCode::invalid_key);
    CHECK(code_of([&] { entities.put({"", "a", "x"}); }) == ErrorCode::invalid_key);
    CHECK(code_of([&] { entities.put({"note", "a", "\xFF\xFE"}); }) == ErrorCode::invalid_content);
    const auto bad = [&] { entities.put({"note", "a", "---\na: [\n---\n"}); };
    CHECK(code_of(bad) == ErrorCode::invalid_front_matter);
    CHECK(message_of(bad).rfind("note/a: ", 0) == 0);
    CHECK(entities.list().empty());
}

TEST_CASE("a transaction is all or nothing") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "old", "old"});
    CHECK_THROWS_AS(entities.transaction([](EntityTransaction& transaction) {
        transaction.put({"note", "new", "new"});
        transaction.remove({"note", "old"});
        throw std::runtime_error("stop");
    }),
                    std::runtime_error);
    CHECK(!entities.get({"note", "new"}));
    CHECK(entities.get({"note", "old"}));

    entities.transaction([](EntityTransaction& transaction) {
        transaction.put({"note", "new", "new"});
        CHECK(transaction.get({"note", "new"})->content == "new");
        CHECK(transaction.remove({"note", "old"}));
    });
    CHECK(entities.get({"note", "new"}));
    CHECK(!entities.get({"note", "old"}));
}

TEST_CASE("a transaction in which a write failed takes none of what comes after it") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.body().write(Origin::api, store::Durability::relaxed,
                          [](store::StoreBody::EntityWriter& writer) {
                              writer.connection().raw().exec("PRAGMA max_page_count = 60");
                          });
    ErrorCode first = ErrorCode::ok;
    ErrorCode second = ErrorCode::ok;
    CHECK(code_of([&] {
              entities.transaction([&](EntityTransaction& transaction) {
                  transaction.put({"note", "small", "text"});
                  first = code_of([&] { transaction.put({"note", "large", std::string(1'000'000, 'x')}); });
                  second = code_of([&] { transaction.put({"note", "after", "text"}); });
              });
          }) != ErrorCode::ok);
    CHECK(first == ErrorCode::io);
    CHECK(second == ErrorCode::io);
    CHECK(entities.list().empty());
}

TEST_CASE("a key with a line break makes no error of two lines") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    const auto wrong = [&] { entities.put({"note", "a\nb", "x"}, {7}); };
    CHECK(message_of(wrong).find('\n') == std::string::npos);
}

TEST_CASE("calls of the store inside its transaction are misuse, and the transaction goes on") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.transaction([&](EntityTransaction& transaction) {
        CHECK(code_of([&] { entities.put({"note", "x", "x"}); }) == ErrorCode::misuse);
        CHECK(code_of([&] { entities.get({"note", "x"}); }) == ErrorCode::misuse);
        CHECK(code_of([&] { entities.transaction([](EntityTransaction&) {}); }) == ErrorCode::misuse);
        transaction.put({"note", "a", "text"});
    });
    CHECK(entities.list().size() == 1);
}

TEST_CASE("put_all counts what changed, and one bad draft keeps all out") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    CHECK(entities.put_all({{"note", "a", "1"}, {"note", "b", "2"}}) == 2);
    CHECK(entities.put_all({{"note", "a", "1"}, {"note", "b", "3"}}) == 1);
    CHECK(code_of([&] {
              entities.put_all({{"note", "c", "1"}, {"note", "d", "\xFF"}});
          }) == ErrorCode::invalid_content);
    CHECK(entities.count() == 2);
}

TEST_CASE("one metadata key is edited and every other byte stays") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "a", "---\n# mine\ntitle: 'x'\nstatus: draft # todo\n---\nbody\r\n"});
    CHECK(entities.set_metadata({"note", "a"}, "status", "\"done\"").version == 2);
    const auto entity = entities.get({"note", "a"});
    CHECK(entity->content == "---\n# mine\ntitle: 'x'\nstatus: done # todo\n---\nbody\r\n");
    CHECK(entity->metadata == R"({"title":"x","status":"done"})");
    CHECK(!entities.set_metadata({"note", "a"}, "status", "\"done\"").changed);
    CHECK(code_of([&] {
              entities.set_metadata({"note", "a"}, "status", "1", {1});
          }) == ErrorCode::version_mismatch);
    CHECK(entities.remove_metadata({"note", "a"}, "title").changed);
    CHECK(!entities.remove_metadata({"note", "a"}, "title").changed);
    CHECK(code_of([&] { entities.set_metadata({"note", "none"}, "a", "1"); }) == ErrorCode::not_found);
}

TEST_CASE("[trap-20] what waits for export waits in the database") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    {
        EntityStore entities(options_for(path));
        entities.put({"note", "a", "text"});
    }
    raw(path, "PRAGMA user_version");
    SQLite::Database database(path);
    CHECK(database.execAndGet("SELECT count(*) FROM change_log WHERE type = 'note' AND id = 'a'").getInt() ==
          1);
}
