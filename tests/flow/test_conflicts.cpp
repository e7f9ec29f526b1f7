// Conflict records: listed, read, resolved, kept.
#include <catch2/catch.hpp>

#include "pair.hpp"

namespace fluentsync::flow {

namespace {

/// One open record: the store's "store\n" won over the file's "file\n".
std::int64_t make_conflict(Pair& pair) {
    pair.options.conflict_policy = ConflictPolicy::prefer_store;
    pair.put("a", "base\n");
    pair.directory().flush();
    pair.put("a", "store\n");
    pair.write("note/a.md", "file\n");
    pair.directory().import_all();
    const auto records = pair.store().conflicts();
    REQUIRE(records.size() == 1);
    return records.front().number;
}

}  // namespace

TEST_CASE("conflicts: one event for one conflict, however often the folder is looked at [trap-03]") {
    Pair pair;
    const std::int64_t number = make_conflict(pair);
    for (int i = 0; i < 3; ++i) {
        pair.directory().import_all();
        pair.directory().export_all();
    }
    pair.fence();
    CHECK(pair.log.count(EventKind::conflict_detected) == 1);
    for (const Event& event : pair.log.all()) {
        if (event.kind != EventKind::conflict_detected) continue;
        CHECK(event.number == number);
        CHECK(event.path == "note/a.md");
        CHECK(event.id == "a");
        CHECK(event.message.find("store") != std::string::npos);
    }
    CHECK(pair.read("note/a.md") == "store\n");
}

TEST_CASE("conflicts: a record survives reopening, whole") {
    Pair pair;
    const std::int64_t number = make_conflict(pair);
    pair.reopen();
    const auto record = pair.store().conflict(number);
    REQUIRE(record);
    CHECK(record->loser_content == "file\n");
    CHECK(record->winner_content == "store\n");
    CHECK(record->path == "note/a.md");
    CHECK(record->type == "note");
    CHECK(record->id == "a");
    CHECK(record->created > 0);
    CHECK(pair.store().conflicts().size() == 1);
}

TEST_CASE("conflicts: the winner stays, the loser comes back, or a third content takes their place") {
    Pair pair;
    const std::int64_t number = make_conflict(pair);
    std::string expected = "store\n";
    SECTION("winner") {
        pair.store().resolve_conflict(number, ConflictChoice::winner);
    }
    SECTION("loser") {
        pair.store().resolve_conflict(number, ConflictChoice::loser);
        expected = "file\n";
    }
    SECTION("own content") {
        pair.store().resolve_conflict_with(number, "both\n");
        expected = "both\n";
    }
    pair.directory().flush();
    CHECK(pair.content("a") == expected);
    CHECK(pair.read("note/a.md") == expected);
    CHECK(pair.store().conflicts().empty());
    CHECK(pair.store().conflicts(true).size() == 1);
    CHECK(pair.store().conflict(number)->resolved);
    pair.fence();
    CHECK(pair.log.count(EventKind::conflict_resolved) == 1);
    CHECK(pair.log.count(EventKind::conflict_detected) == 1);
    CHECK(pair.settled());
}

TEST_CASE("conflicts: resolving twice, or what is not there, is an error and changes nothing") {
    Pair pair;
    const std::int64_t number = make_conflict(pair);
    EntityStore& store = pair.store();
    CHECK(code_of([&] { store.resolve_conflict(number + 1, ConflictChoice::loser); }) ==
          ErrorCode::not_found);
    CHECK(code_of([&] { store.resolve_conflict_with(number, "---\nx: [\n---\n"); }) ==
          ErrorCode::invalid_front_matter);
    CHECK_FALSE(store.conflict(number)->resolved);
    store.resolve_conflict(number, ConflictChoice::winner);
    CHECK(code_of([&] { store.resolve_conflict(number, ConflictChoice::loser); }) == ErrorCode::not_found);
    CHECK(code_of([&] { store.resolve_conflict_with(number, "x\n"); }) == ErrorCode::not_found);
    CHECK(pair.content("a") == "store\n");
}

TEST_CASE("conflicts: a later contest over the same path is a record of its own") {
    Pair pair;
    make_conflict(pair);
    pair.put("a", "store again\n");
    pair.write("note/a.md", "file again\n");
    pair.directory().import_all();
    const auto records = pair.store().conflicts();
    REQUIRE(records.size() == 2);
    CHECK(records[0].loser_content == "file again\n");
    CHECK(records[1].loser_content == "file\n");
}

TEST_CASE("conflicts: a merge that yields what a side has already writes only the other side") {
    Pair pair;
    const std::string base = "one\ntwo\nthree\nfour\nfive\n";
    const std::string part = "ONE\ntwo\nthree\nfour\nfive\n";
    const std::string whole = "ONE\ntwo\nthree\nfour\nFIVE\n";
    pair.put("a", base);
    pair.put("b", base);
    pair.directory().flush();
    pair.put("a", part);
    pair.write("note/a.md", whole);
    pair.put("b", whole);
    pair.write("note/b.md", part);
    const auto before = pair.stamps();
    pair.fence();
    pair.log.clear();
    pair.directory().import_all();
    pair.fence();
    CHECK(pair.content("a") == whole);
    CHECK(pair.read("note/b.md") == whole);
    CHECK(pair.stamps().at("note/a.md") == before.at("note/a.md"));  // Its author's file, as it was.
    CHECK(pair.log.count(entity_event(EventKind::entity_updated, "a")) == 1);
    CHECK(pair.log.count(entity_event(EventKind::entity_updated, "b")) == 0);
    CHECK(pair.log.count(entity_event(EventKind::file_exported, "a")) == 0);
    CHECK(pair.store().conflicts().empty());
    CHECK(pair.settled());
}

}  // namespace fluentsync::flow
