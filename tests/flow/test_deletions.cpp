// Deletions: believed only when confirmed, held beyond the guard, and never undone by an export.
#include <catch2/catch.hpp>

#include "pair.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

std::string note(int i) {
    return "note/" + std::to_string(i) + ".md";
}

void fill(Pair& pair, int count) {
    for (int i = 0; i < count; ++i)
        pair.put(std::to_string(i), "text " + std::to_string(i) + "\n");
    pair.directory().flush();
}

void remove_notes(Pair& pair, int from, int to) {
    for (int i = from; i < to; ++i)
        pair.remove(note(i));
}

std::int64_t held_deletions(Pair& pair) {
    return pair.directory().status().held_deletions;
}

}  // namespace

TEST_CASE("deletions: a removed file takes its entity along") {
    Pair pair;
    fill(pair, 10);
    pair.remove(note(3));
    CHECK(pair.directory().import_all() == 1);
    CHECK_FALSE(pair.content("3"));
    CHECK(pair.store().count() == 9);
    CHECK(pair.settled());
    CHECK(pair.log.count(EventKind::deletion_held) == 0);
}

TEST_CASE("deletions: a file that is back at the second look was never deleted [trap-12]") {
    Pair pair;
    pair.options.auto_sync = true;
    fill(pair, 10);
    pair.directory().start();
    pair.directory().flush();
    for (int i = 0; i < 5; ++i) {
        fs::rename(pair.file(note(1)), pair.base / "aside.md");
        pair.put("0", "round " + std::to_string(i));
        REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "0"), i + 2));
        fs::rename(pair.base / "aside.md", pair.file(note(1)));
        pair.directory().flush();
    }
    CHECK(pair.log.count(entity_event(EventKind::entity_deleted, "1")) == 0);
    CHECK(pair.content("1") == "text 1\n");
}

TEST_CASE("deletions: a batch beyond the guard is held, told once, and goes when confirmed") {
    Pair pair;
    fill(pair, 20);
    SECTION("by its share") {
        remove_notes(pair, 0, 8);
    }
    SECTION("by its number") {
        pair.options.deletion_guard.max_count = 3;
        pair.options.deletion_guard.min_count = 100;
        pair.reopen();
        remove_notes(pair, 0, 8);
    }
    pair.directory().import_all();
    pair.directory().import_all();
    pair.directory().export_all();
    CHECK(pair.store().count() == 20);
    CHECK(held_deletions(pair) == 8);
    CHECK_FALSE(pair.has(note(0)));
    pair.fence();
    CHECK(pair.log.count(EventKind::deletion_held) == 1);
    CHECK(pair.log.count([](const Event& event) {
        return event.kind == EventKind::deletion_held && event.count == 8 && !event.message.empty();
    }) == 1);

    CHECK(pair.directory().confirm_deletions() == 8);
    pair.directory().flush();
    CHECK(held_deletions(pair) == 0);
    CHECK(pair.store().count({"note"}) == 12);
    CHECK(pair.directory().confirm_deletions() == 0);
    CHECK(pair.settled());
}

TEST_CASE("deletions: what is held stays held over a restart, and can still be confirmed") {
    Pair pair;
    fill(pair, 20);
    remove_notes(pair, 0, 10);
    pair.directory().import_all();
    pair.reopen();
    CHECK(held_deletions(pair) == 10);
    pair.directory().import_all();
    CHECK(pair.store().count() == 20);
    CHECK(held_deletions(pair) == 10);
    pair.reopen();
    CHECK(pair.store().confirm_deletions() == 10);
    pair.directory().import_all();
    CHECK(pair.store().count() == 10);
}

TEST_CASE("deletions: another store on the same database confirms, and the work follows by itself") {
    Pair pair;
    pair.options.auto_sync = true;
    fill(pair, 20);
    pair.directory().start();
    remove_notes(pair, 0, 10);
    REQUIRE(pair.log.wait_for(
        [](const Event& event) { return event.kind == EventKind::deletion_held && event.count == 10; }));
    EntityStore other({pair.database()});
    CHECK(other.confirm_deletions() == 10);
    REQUIRE(
        pair.log.wait_for([](const Event& event) { return event.kind == EventKind::entity_deleted; }, 10));
    CHECK(pair.store().count() == 10);
    pair.directory().flush();
    CHECK(held_deletions(pair) == 0);
}

TEST_CASE("deletions: nothing at all left is held, however few there were [trap-09]") {
    Pair pair;
    fill(pair, 2);
    remove_notes(pair, 0, 2);
    pair.directory().import_all();
    CHECK(pair.store().count() == 2);
    CHECK(held_deletions(pair) == 2);
}

TEST_CASE("deletions: files that come back release what was held") {
    Pair pair;
    fill(pair, 20);
    remove_notes(pair, 0, 10);
    pair.directory().import_all();
    REQUIRE(held_deletions(pair) == 10);
    for (int i = 0; i < 10; ++i)
        pair.write(note(i), "text " + std::to_string(i) + "\n");
    pair.directory().import_all();
    CHECK(held_deletions(pair) == 0);
    CHECK(pair.directory().confirm_deletions() == 0);
    CHECK(pair.store().count() == 20);
    // What was confirmed then does not count for a batch of now.
    remove_notes(pair, 0, 10);
    pair.directory().import_all();
    CHECK(pair.store().count() == 20);
    CHECK(held_deletions(pair) == 10);
}

TEST_CASE("deletions: what is held does not go because the rest comes back or others come in") {
    const bool raw = GENERATE(false, true);
    const bool restart = GENERATE(false, true);
    const bool some_come_back = GENERATE(false, true);
    INFO(raw << restart << some_come_back);
    Pair pair;
    fill(pair, 10);
    if (raw) {
        raw_sql(pair.database(), "DELETE FROM entities WHERE CAST(id AS INTEGER) < 5");
    } else {
        remove_notes(pair, 0, 5);
    }
    pair.directory().import_all();
    REQUIRE(held_deletions(pair) == 5);
    if (restart) pair.reopen();
    if (some_come_back) {
        pair.write(note(0), "text 0\n");
        pair.put("0", "text 0\n");
    } else {
        for (int i = 10; i < 40; ++i)
            pair.write(note(i), "text\n");
    }
    pair.directory().import_all();
    pair.directory().flush();
    const std::int64_t held = some_come_back ? 4 : 5;
    CHECK(held_deletions(pair) == held);
    CHECK((raw ? pair.has(note(4)) : pair.content("4").has_value()));
    CHECK(pair.directory().confirm_deletions() == held);
    pair.directory().flush();
    CHECK_FALSE(pair.content("4"));
    CHECK_FALSE(pair.has(note(4)));
    CHECK(pair.settled());
}

TEST_CASE("deletions: a confirmation is for what was held then, and for nothing that goes later") {
    Pair pair;
    fill(pair, 40);
    remove_notes(pair, 0, 20);
    pair.directory().import_all();
    REQUIRE(held_deletions(pair) == 20);
    SECTION("files") {
        pair.close();
        CHECK(EntityStore({pair.database()}).confirm_deletions() == 20);
        pair.write(note(0), "text 0\n");
        remove_notes(pair, 20, 35);
        pair.directory().import_all();
        CHECK(pair.content("0") == "text 0\n");
        CHECK_FALSE(pair.content("1"));
        CHECK(pair.store().count() == 21);
        CHECK(held_deletions(pair) == 15);
        CHECK(pair.directory().confirm_deletions() == 15);
        pair.directory().flush();
        CHECK(pair.store().count() == 6);
    }
    SECTION("rows deleted by raw SQL") {
        pair.close();
        CHECK(EntityStore({pair.database()}).confirm_deletions() == 20);
        raw_sql(pair.database(), "DELETE FROM entities WHERE CAST(id AS INTEGER) >= 25");
        pair.directory().import_all();
        CHECK(pair.store().count() == 5);
        CHECK(pair.has(note(39)));
        CHECK(held_deletions(pair) == 15);
    }
}

TEST_CASE("deletions: what was confirmed makes no later deletion suspect") {
    Pair pair;
    fill(pair, 40);
    remove_notes(pair, 0, 20);
    pair.directory().import_all();
    CHECK(pair.directory().confirm_deletions() == 20);
    pair.directory().flush();
    CHECK(pair.store().count() == 20);
    remove_notes(pair, 20, 21);
    pair.directory().import_all();
    CHECK(pair.store().count() == 19);
    CHECK(held_deletions(pair) == 0);
}

TEST_CASE("deletions: an edit of a held entity beats its deletion") {
    Pair pair;
    fill(pair, 20);
    remove_notes(pair, 0, 10);
    pair.directory().import_all();
    pair.put("4", "newer\n");
    pair.directory().flush();
    CHECK(pair.read(note(4)) == "newer\n");
    CHECK(held_deletions(pair) == 9);
    pair.directory().confirm_deletions();
    pair.directory().import_all();
    CHECK(pair.content("4") == "newer\n");
    CHECK(pair.store().count() == 11);
}

TEST_CASE("deletions: with delete_on_file_removal off the entity stays until it next changes") {
    Pair pair;
    pair.options.delete_on_file_removal = false;
    fill(pair, 10);
    pair.fence();
    pair.log.clear();
    remove_notes(pair, 0, 10);
    CHECK(pair.directory().import_all() == 0);
    pair.directory().flush();
    CHECK(pair.store().count({"note"}) == 10);
    CHECK_FALSE(pair.has(note(2)));
    CHECK(held_deletions(pair) == 0);
    pair.fence();
    CHECK(pair.log.count(EventKind::entity_deleted) == 0);
    CHECK(pair.log.count(EventKind::import_completed) == 0);
    pair.put("2", "newer\n");
    pair.directory().flush();
    CHECK(pair.read(note(2)) == "newer\n");
    CHECK_FALSE(pair.has(note(3)));
}

TEST_CASE("deletions: rows deleted by raw SQL are held alike") {
    Pair pair;
    fill(pair, 20);
    SECTION("all") {
        raw_sql(pair.database(), "DELETE FROM entities");
        pair.directory().import_all();
        CHECK(held_deletions(pair) == 20);
        CHECK(pair.has(note(0)));
        CHECK(pair.store().count() == 0);
        pair.directory().export_all();
        CHECK(pair.has(note(19)));
        pair.directory().confirm_deletions();
        pair.directory().flush();
        CHECK(pair.stamps().empty());
        CHECK(held_deletions(pair) == 0);
    }
    SECTION("all, one by one") {
        for (int i = 0; i < 20; ++i) {
            raw_sql(pair.database(), "DELETE FROM entities WHERE id = '" + std::to_string(i) + "'");
            pair.directory().flush();
        }
        CHECK(pair.stamps().size() >= 14);
        CHECK(held_deletions(pair) + static_cast<std::int64_t>(20 - pair.stamps().size()) == 20);
    }
    SECTION("one") {
        raw_sql(pair.database(), "DELETE FROM entities WHERE id = '7'");
        pair.directory().flush();
        CHECK_FALSE(pair.has(note(7)));
        CHECK(held_deletions(pair) == 0);
        CHECK(pair.settled());
    }
    SECTION("all, replaced at their keys by others") {
        raw_sql(pair.database(),
                "INSERT OR REPLACE INTO entities(key, type, id, content) "
                "SELECT key, 'other', id, content FROM entities");
        pair.directory().flush();
        CHECK(held_deletions(pair) == 20);
        for (int i = 0; i < 20; ++i)
            set_age(pair.file(note(i)), std::chrono::hours(1));
        pair.directory().flush();
        CHECK(pair.has(note(19)));
        pair.directory().confirm_deletions();
        pair.directory().flush();
        CHECK_FALSE(pair.has(note(19)));
        CHECK(pair.settled());
    }
    SECTION("all, without a trigger that tells") {
        raw_sql(pair.database(), "DELETE FROM entities", false);
        for (int i = 0; i < 20; ++i)
            set_age(pair.file(note(i)), std::chrono::hours(1));
        pair.directory().import_all();
        CHECK(held_deletions(pair) == 20);
        CHECK(pair.has(note(19)));
        pair.directory().confirm_deletions();
        pair.directory().flush();
        CHECK(pair.stamps().empty());
    }
    SECTION("all, and rows that come back") {
        raw_sql(pair.database(), "DELETE FROM entities");
        pair.directory().flush();
        REQUIRE(held_deletions(pair) == 20);
        for (int i = 0; i < 20; ++i)
            pair.put(std::to_string(i), "text " + std::to_string(i) + "\n");
        pair.directory().flush();
        CHECK(held_deletions(pair) == 0);
        CHECK(pair.settled());
    }
}

TEST_CASE("deletions: through the API they are somebody's word and not held") {
    Pair pair;
    fill(pair, 20);
    for (int i = 0; i < 20; ++i)
        pair.store().remove({"note", std::to_string(i)});
    pair.directory().flush();
    CHECK(pair.stamps().empty());
    CHECK(held_deletions(pair) == 0);
    CHECK(pair.settled());
}

TEST_CASE("deletions: an export does not bring back a file that a person just removed [trap-08]") {
    Pair pair;
    fill(pair, 10);
    pair.remove(note(1));
    pair.put("2", "newer\n");
    pair.directory().export_all();
    CHECK_FALSE(pair.has(note(1)));
    CHECK_FALSE(pair.content("1"));
    CHECK(pair.read(note(2)) == "newer\n");
}

TEST_CASE("deletions: what was deleted does not come back by a late export or a restart [trap-10]") {
    Pair pair;
    fill(pair, 10);
    pair.put("late", "never exported\n");
    pair.put("1", "changed, then deleted\n");
    pair.store().remove({"note", "late"});
    pair.store().remove({"note", "1"});
    pair.remove(note(2));
    pair.directory().export_all();
    pair.directory().import_all();
    for (int i = 0; i < 2; ++i) {
        CHECK_FALSE(pair.has("note/late.md"));
        CHECK_FALSE(pair.has(note(1)));
        CHECK_FALSE(pair.content("1"));
        CHECK_FALSE(pair.content("2"));
        pair.reopen();
        pair.directory().import_all();
        pair.directory().export_all();
    }
    CHECK(pair.store().count() == 8);
}

TEST_CASE("deletions: the entity of a held file is not cleaned up [trap-15]") {
    Pair pair;
    fill(pair, 10);
    pair.write(note(1), "\xff\xfe broken");
    for (int i = 0; i < 2; ++i) {
        pair.directory().import_all();
        pair.directory().import_all();
        CHECK(pair.content("1") == "text 1\n");
        CHECK(pair.held(note(1)));
        CHECK(pair.read(note(1)) == "\xff\xfe broken");
        pair.reopen();
    }
}

}  // namespace fluentsync::flow
