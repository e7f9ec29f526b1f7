#include <catch2/catch.hpp>

#include "fluentsync/entity_store.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;

namespace {

std::vector<std::string> ids(EntityStore& entities, const Query& query) {
    std::vector<std::string> found;
    for (const Entity& entity : entities.list(query))
        found.push_back(entity.id);
    return found;
}

std::vector<std::string> where(EntityStore& entities, const std::string& key, Compare compare,
                               const std::string& value) {
    Query query;
    query.filters = {{key, compare, value}};
    const auto found = ids(entities, query);
    CHECK(entities.count(query) == static_cast<std::int64_t>(found.size()));
    return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("[trap-44] a list without a limit is whole") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    std::vector<EntityDraft> drafts;
    for (int i = 0; i < 5000; ++i)
        drafts.push_back({"note", "n" + std::to_string(i), "x"});
    CHECK(entities.put_all(drafts) == 5000);
    CHECK(entities.list().size() == 5000);
    CHECK(entities.count() == 5000);
}

TEST_CASE("pages are cut from one total order") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    // One transaction, so most times are equal and the keys decide.
    std::vector<EntityDraft> drafts;
    for (int i = 0; i < 57; ++i)
        drafts.push_back({i % 2 ? "note" : "task", "n" + std::to_string(i), "x"});
    entities.put_all(drafts);
    for (const SortBy sort : {SortBy::id, SortBy::created, SortBy::updated}) {
        for (const bool descending : {false, true}) {
            Query query;
            query.sort_by = sort;
            query.descending = descending;
            const Ids all = ids(entities, query);
            CHECK(all.size() == 57);
            Ids paged;
            for (query.limit = 10; query.offset < 60; query.offset += 10)
                for (const auto& id : ids(entities, query))
                    paged.push_back(id);
            CHECK(paged == all);
        }
    }
}

TEST_CASE("types are told apart, and sorted by time when asked") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore entities(options_for(path));
    entities.put_all({{"note", "b", "1"}, {"note", "a", "1"}, {"task", "c", "1"}});
    raw(path,
        "UPDATE entities SET updated = CASE id WHEN 'a' THEN 3 WHEN 'b' THEN 2 ELSE 1 END,"
        " created = CASE id WHEN 'a' THEN 1 ELSE 2 END");
    CHECK(entities.types() == Ids{"note", "task"});
    CHECK(entities.count({.type = "note"}) == 2);
    CHECK(ids(entities, {}) == Ids{"a", "b", "c"});
    CHECK(ids(entities, {.sort_by = SortBy::updated}) == Ids{"c", "b", "a"});
    CHECK(ids(entities, {.type = "note", .sort_by = SortBy::updated, .descending = true}) == Ids{"a", "b"});
    CHECK(ids(entities, {.sort_by = SortBy::created, .descending = true}) == Ids{"c", "b", "a"});
}

TEST_CASE("contents can be left out, hash and metadata cannot") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "a", "---\nk: 1\n---\n"});
    const auto lean = entities.list({.with_content = false});
    REQUIRE(lean.size() == 1);
    CHECK(lean[0].content.empty());
    CHECK(lean[0].metadata == R"({"k":1})");
    CHECK(lean[0].hash == entities.get({"note", "a"})->hash);
}

TEST_CASE("filters compare scalars of one kind, on keys, nested keys and paths") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put(
        {"note", "a", "---\nn: 1\ns: draft\nok: true\nauthor: {name: ann, age: 40}\ntags: [x, y]\n---\n"});
    entities.put({"note", "b", "---\nn: 2.5\ns: final\nok: 1\nauthor: {name: bob, age: 50}\n---\n"});
    entities.put({"note", "c", "---\nn: null\n\"author.name\": ann\n---\n"});
    entities.put({"note", "d", "no front matter"});

    CHECK(where(entities, "s", Compare::equal, "\"draft\"") == Ids{"a"});
    CHECK(where(entities, "s", Compare::not_equal, "\"draft\"") == Ids{"b", "c", "d"});
    CHECK(where(entities, "n", Compare::equal, "1") == Ids{"a"});
    CHECK(where(entities, "n", Compare::equal, "1.0") == Ids{"a"});
    CHECK(where(entities, "n", Compare::greater, "1") == Ids{"b"});
    CHECK(where(entities, "n", Compare::greater_equal, "1") == Ids{"a", "b"});
    CHECK(where(entities, "n", Compare::less, "2.5") == Ids{"a"});
    CHECK(where(entities, "n", Compare::less_equal, "2.5") == Ids{"a", "b"});
    CHECK(where(entities, "s", Compare::greater, "\"e\"") == Ids{"b"});
    // A text is not beyond all numbers, and true is not 1.
    CHECK(where(entities, "s", Compare::greater, "0").empty());
    CHECK(where(entities, "ok", Compare::equal, "true") == Ids{"a"});
    CHECK(where(entities, "ok", Compare::equal, "1") == Ids{"b"});
    CHECK(where(entities, "n", Compare::equal, "null") == Ids{"c", "d"});
    CHECK(where(entities, "author.name", Compare::equal, "\"ann\"") == Ids{"a", "c"});
    CHECK(where(entities, "author.age", Compare::greater, "45") == Ids{"b"});
    CHECK(where(entities, "$.tags[1]", Compare::equal, "\"y\"") == Ids{"a"});
    CHECK(where(entities, "s' OR 1=1 --", Compare::equal, "\"' OR 1=1 --\"").empty());

    Query both;
    both.filters = {{"n", Compare::greater, "0"}, {"author.name", Compare::equal, "\"bob\""}};
    CHECK(ids(entities, both) == Ids{"b"});
}

TEST_CASE("a filter that makes no sense is an invalid argument") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "a", "---\na: {b: 1}\n---\n"});
    const auto code = [&](const std::string& key, Compare compare, const std::string& value) {
        return code_of([&] {
            Query query;
            query.filters = {{key, compare, value}};
            entities.list(query);
        });
    };
    CHECK(code("", Compare::equal, "1") == ErrorCode::invalid_argument);
    CHECK(code("a", Compare::equal, "[1]") == ErrorCode::invalid_argument);
    CHECK(code("a", Compare::equal, "draft") == ErrorCode::invalid_argument);
    CHECK(code("a", Compare::less, "true") == ErrorCode::invalid_argument);
    CHECK(code("$.a[", Compare::equal, "1") == ErrorCode::invalid_argument);
    CHECK(code("$[abc", Compare::equal, "1") == ErrorCode::invalid_argument);
}

TEST_CASE("a filter sees what a raw statement wrote a moment ago") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore entities(options_for(path));
    entities.put({"note", "a", "---\ns: draft\n---\n"});
    raw(path, "UPDATE entities SET content = replace(content, 'draft', 'final')");
    CHECK(where(entities, "s", Compare::equal, "\"final\"") == Ids{"a"});
}

TEST_CASE("raw SQL: metadata that is no JSON stops no query, and its entity's is read from the content") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EntityStore entities(options_for(path));
    entities.put({"note", "a", "---\nk: 1\n---\n"});
    entities.put({"note", "b", "---\nk: 2\n---\n"});
    raw(path, "UPDATE entities SET metadata = 'notjson' WHERE id = 'a'");
    for (const bool with_content : {true, false}) {
        Query query;
        query.with_content = with_content;
        const auto found = entities.list(query);
        REQUIRE(found.size() == 2);
        CHECK(found[0].metadata == R"({"k":1})");
        CHECK(found[1].metadata == R"({"k":2})");
    }
    CHECK(entities.get({"note", "a"})->metadata == R"({"k":1})");
    CHECK(where(entities, "k", Compare::equal, "2") == Ids{"b"});
    CHECK(where(entities, "k", Compare::greater, "0") == Ids{"b"});
    CHECK(where(entities, "k", Compare::equal, "null") == Ids{"a"});
}
