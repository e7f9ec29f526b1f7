#include <catch2/catch.hpp>

#include "base/object_id.hpp"
#include "fluentsync/entity_store.hpp"
#include "store/held_deletions.hpp"
#include "store/records.hpp"
#include "store/store_body.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using namespace fluentsync::store;

namespace {

Conflict sample(const std::string& type, const std::string& id) {
    Conflict conflict;
    conflict.path = type.empty() ? "README" : type + "/" + id + ".md";
    conflict.type = type;
    conflict.id = id;
    conflict.winner_side = "store";
    conflict.loser_side = "file";
    conflict.winner_content = "winner";
    conflict.loser_content = std::string("loser\0x", 7);
    conflict.winner_hash = base::hash_blob(conflict.winner_content).hex();
    conflict.loser_hash = base::hash_blob(conflict.loser_content).hex();
    conflict.created = 5;
    return conflict;
}

std::int64_t add(EntityStore& entities, const Conflict& conflict) {
    std::int64_t number = 0;
    entities.body().write(Origin::api, Durability::full, [&](StoreBody::EntityWriter& writer) {
        number = add_conflict(writer.connection(), conflict);
    });
    return number;
}

}  // namespace

TEST_CASE("a hold is news when it says something new, and keeps its time otherwise") {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    database.write(Durability::full, [](Connection& c) {
        CHECK(save_hold(c, {"b.md", ErrorCode::invalid_content, "not UTF-8", 10}));
        CHECK(!save_hold(c, {"b.md", ErrorCode::invalid_content, "not UTF-8", 20}));
        CHECK(find_hold(c, "b.md")->since == 10);
        CHECK(save_hold(c, {"b.md", ErrorCode::too_large, "too large", 30}));
        CHECK(find_hold(c, "b.md")->since == 30);
        CHECK(find_hold(c, "b.md")->code == ErrorCode::too_large);
        CHECK(save_hold(c, {"a.md", ErrorCode::io, "x", 40}));
        REQUIRE(list_holds(c).size() == 2);
        CHECK(list_holds(c)[0].path == "a.md");
        CHECK(clear_hold(c, "a.md"));
        CHECK(!clear_hold(c, "a.md"));
        CHECK(!find_hold(c, "a.md"));
    });
}

TEST_CASE("named values are set, kept without a write, and taken away") {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    database.write(Durability::full, [](Connection& c) {
        CHECK(!get_value(c, "head"));
        set_value(c, "head", "abc");
        const auto changes = c.raw().getTotalChanges();
        set_value(c, "head", "abc");
        CHECK(c.raw().getTotalChanges() == changes);
        CHECK(get_value(c, "head") == "abc");
        set_value(c, "head", std::nullopt);
        CHECK(!get_value(c, "head"));
    });
}

TEST_CASE("named values are found by how their names begin") {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    database.write(Durability::full, [](Connection& c) {
        for (const char* name :
             {"behind", "behind:", "behind:a/b.md", "behind:\xC3\xA4", "behind;", "behine"})
            set_value(c, name, std::string("of ") + name);
        CHECK(values_named(c, "behind:") ==
              std::map<std::string, std::string>{
                  {"", "of behind:"}, {"a/b.md", "of behind:a/b.md"}, {"\xC3\xA4", "of behind:\xC3\xA4"}});
    });
}

TEST_CASE("conflict records are numbered and listed newest first") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    const auto first = add(entities, sample("note", "a"));
    const auto second = add(entities, sample("note", "b"));
    CHECK(second > first);
    const auto listed = entities.conflicts();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].number == second);
    CHECK(listed[1].loser_content == std::string("loser\0x", 7));
    CHECK(listed[1].winner_content == "winner");
    CHECK(listed[1].loser_side == "file");
    CHECK(!entities.conflict(second + 1));
}

TEST_CASE("taking the winner leaves the entity, taking the loser puts it back, each once") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.put({"note", "a", "winner"});
    const auto winner = add(entities, sample("note", "a"));
    const auto loser = add(entities, sample("note", "a"));
    const auto gone = add(entities, sample("note", "gone"));
    const auto own = add(entities, sample("note", "a"));

    entities.resolve_conflict(winner, ConflictChoice::winner);
    CHECK(entities.get({"note", "a"})->version == 1);
    entities.body().read([](Connection& c) {
        const Conflict same = sample("note", "gone");
        CHECK(count_open_conflicts(c) == 3);
        CHECK(has_open_conflict(c, "note/gone.md", same.winner_hash, same.loser_hash));
        CHECK(!has_open_conflict(c, "note/gone.md", same.winner_hash, "x"));
    });
    entities.resolve_conflict(loser, ConflictChoice::loser);
    CHECK(entities.get({"note", "a"})->content == std::string("loser\0x", 7));
    entities.resolve_conflict(gone, ConflictChoice::loser);
    CHECK(entities.get({"note", "gone"}));
    CHECK(code_of([&] { entities.resolve_conflict_with(own, "\xFF"); }) == ErrorCode::invalid_content);
    entities.resolve_conflict_with(own, "mine");
    CHECK(entities.get({"note", "a"})->content == "mine");

    CHECK(entities.conflicts().empty());
    CHECK(entities.conflicts(true).size() == 4);
    CHECK(entities.conflict(loser)->resolved);
    for (const ConflictChoice choice : {ConflictChoice::winner, ConflictChoice::loser}) {
        CHECK(code_of([&] { entities.resolve_conflict(loser, choice); }) == ErrorCode::not_found);
        CHECK(message_of([&] { entities.resolve_conflict(loser, choice); }).find("resolved already") !=
              std::string::npos);
        CHECK(code_of([&] { entities.resolve_conflict(99, choice); }) == ErrorCode::not_found);
    }
}

TEST_CASE("an edit made since the conflict is not replaced by settling it") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    const EntityKey key{"note", "a"};
    const auto number = add(entities, sample("note", "a"));
    entities.put({"note", "a", "winner"});
    entities.put({"note", "a", "edited since"});

    const auto take_loser = [&] { entities.resolve_conflict(number, ConflictChoice::loser); };
    CHECK(code_of(take_loser) == ErrorCode::version_mismatch);
    CHECK(message_of(take_loser).find("note/a was edited since") != std::string::npos);
    CHECK(code_of([&] { entities.resolve_conflict_with(number, "mine"); }) == ErrorCode::version_mismatch);
    CHECK(entities.get(key)->content == "edited since");
    CHECK(entities.get(key)->version == 2);
    CHECK(entities.conflicts().size() == 1);

    SECTION("the winner is what is in place") {
        entities.resolve_conflict(number, ConflictChoice::winner);
    }
    SECTION("the very content that is in place loses nothing") {
        entities.resolve_conflict_with(number, "edited since");
    }
    CHECK(entities.get(key)->version == 2);
    CHECK(entities.conflicts().empty());
}

TEST_CASE("a plain file's loser is for the caller to write") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    const auto number = add(entities, sample("", ""));
    CHECK(code_of([&] { entities.resolve_conflict(number, ConflictChoice::loser); }) ==
          ErrorCode::invalid_argument);
    CHECK(entities.conflicts().size() == 1);
    entities.resolve_conflict(number, ConflictChoice::winner);
    CHECK(entities.conflicts().empty());
}

TEST_CASE("deletions are confirmed only where some are held") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    int calls = 0;
    entities.body().set_change_listener([&] { ++calls; });
    CHECK(entities.confirm_deletions() == 0);
    CHECK(calls == 0);
    entities.body().write(Origin::api, Durability::full, [](StoreBody::EntityWriter& writer) {
        save_held_deletions(writer.connection(), {"note/a.md", "note/b.md"});
    });
    CHECK(entities.confirm_deletions() == 2);
    CHECK(calls == 1);
    entities.body().read([](Connection& c) {
        CHECK(confirmed_deletions(c) == std::set<std::string>{"note/a.md", "note/b.md"});
    });
}

TEST_CASE("holds are listed by the store") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    entities.body().write(Origin::api, Durability::full, [](StoreBody::EntityWriter& writer) {
        save_hold(writer.connection(), {"b.md", ErrorCode::invalid_content, "not UTF-8", 10});
    });
    REQUIRE(entities.held().size() == 1);
    CHECK(entities.held()[0].reason == "not UTF-8");
}
