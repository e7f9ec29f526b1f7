// The folder itself: lost, found, emptied, replaced. Nothing is deleted for it.
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

ErrorCode start_code(Pair& pair) {
    try {
        pair.directory().start();
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::ok;
}

}  // namespace

TEST_CASE("root: moved away it is lost, moved back it is found, and nothing is deleted [trap-09]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.watch_interval = std::chrono::milliseconds(50);
    fill(pair, 10);
    pair.directory().start();
    pair.directory().flush();
    const bool mount_point_stays = GENERATE(true, false);
    for (int round = 0; round < 2; ++round) {
        INFO("round " << round);
        pair.fence();
        pair.log.clear();
        fs::rename(pair.root(), pair.base / "away");
        if (mount_point_stays) fs::create_directory(pair.root());
        pair.put("0", "while away " + std::to_string(round) + "\n");
        REQUIRE(pair.log.wait_for(EventKind::root_lost));
        CHECK_FALSE(pair.directory().status().root_verified);
        CHECK_THROWS_AS(pair.directory().flush(), Error);
        CHECK(pair.store().count({"note"}) == 10);
        CHECK_FALSE(pair.directory().status().last_error.empty());
        std::error_code ignored;
        fs::remove(pair.root(), ignored);
        fs::rename(pair.base / "away", pair.root());
        REQUIRE(pair.log.wait_for(EventKind::root_found));
        pair.directory().flush();
        CHECK(pair.directory().status().root_verified);
        CHECK(pair.directory().status().last_error.empty());
        CHECK(pair.read(note(0)) == "while away " + std::to_string(round) + "\n");
        CHECK(pair.store().count({"note"}) == 10);
        CHECK(pair.log.count(EventKind::entity_deleted) == 0);
        CHECK(pair.log.count(EventKind::root_lost) == 1);
        // The watch is upon the folder that is there now.
        pair.write("note/new.md", "round " + std::to_string(round));
        REQUIRE(pair.log.wait_for(
            [](const Event& event) { return event.kind == EventKind::file_imported && event.id == "new"; }));
        pair.store().remove({"note", "new"});
        pair.directory().flush();
    }
}

TEST_CASE("root: emptied with its marker, or replaced, nothing is deleted and nothing written [trap-09]") {
    Pair pair;
    fill(pair, 10);
    fs::remove_all(pair.root());
    if (GENERATE(true, false)) fs::create_directories(pair.file("note"));
    pair.put("0", "newer\n");
    for (int i = 0; i < 2; ++i) {
        try {
            pair.directory().import_all();
            FAIL("the folder was not the one known here");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::root_unverified);
        }
    }
    CHECK(pair.store().count() == 10);
    CHECK_FALSE(pair.has(note(0)));
    pair.fence();
    CHECK(pair.log.count(EventKind::root_lost) == 1);
}

TEST_CASE("root: another folder at the known path is refused at start until confirmed [trap-09]") {
    Pair pair;
    fill(pair, 10);
    pair.close();
    fs::remove_all(pair.root());
    pair.write("note/1.md", "text 1\n");
    pair.write("note/extra.md", "extra\n");
    pair.open();
    CHECK(start_code(pair) == ErrorCode::root_unverified);
    CHECK(start_code(pair) == ErrorCode::root_unverified);
    CHECK(pair.store().count() == 10);
    CHECK_FALSE(pair.has(note(0)));
    CHECK(pair.directory().status().held_deletions > 0);
    pair.reopen();  // Another process is told the same, without a claim.
    CHECK_FALSE(pair.directory().status().root_verified);
    CHECK(pair.directory().status().last_error.find("confirm") != std::string::npos);
    CHECK(pair.store().confirm_deletions() > 0);
    CHECK(start_code(pair) == ErrorCode::ok);
    pair.directory().flush();
    CHECK(pair.store().count() == 11);
    CHECK(pair.content("extra") == "extra\n");
    for (int i = 0; i < 10; ++i)
        CHECK(pair.read(note(i)) == "text " + std::to_string(i) + "\n");
    CHECK(pair.store().conflicts().empty());
    CHECK(pair.directory().status().held_deletions == 0);
    pair.reopen();
    CHECK(pair.directory().status().root_verified);
    CHECK(pair.directory().status().last_error.empty());
    CHECK(pair.settled());
}

TEST_CASE("root: what another folder holds is no export of ours that was not recorded") {
    Pair pair;
    fill(pair, 3);
    pair.put("b", "one\n");
    pair.put("b", "two\n");
    pair.close();
    fs::remove_all(pair.root());
    pair.write("note/b.md", "one\n");
    pair.open();
    CHECK(start_code(pair) == ErrorCode::root_unverified);
    CHECK(pair.store().confirm_deletions() > 0);
    CHECK(start_code(pair) == ErrorCode::ok);
    pair.directory().flush();
    CHECK(pair.store().conflicts().size() == 1);
    CHECK(pair.settled());
}

TEST_CASE("root: a known folder that is gone is not made anew until confirmed [trap-09]") {
    Pair pair;
    fill(pair, 3);
    pair.close();
    fs::remove_all(pair.root());
    pair.open();
    CHECK(start_code(pair) == ErrorCode::root_unverified);
    CHECK_FALSE(fs::exists(pair.root()));
    CHECK(pair.store().confirm_deletions() == 3);
    SECTION("and then it is filled again") {
        CHECK(start_code(pair) == ErrorCode::ok);
        pair.directory().flush();
        CHECK(pair.read(note(2)) == "text 2\n");
        CHECK(pair.store().count() == 3);
        CHECK(pair.settled());
    }
    SECTION("the word for an empty one is none for another one that comes") {
        pair.write("note/extra.md", "extra\n");
        CHECK(start_code(pair) == ErrorCode::root_unverified);
        CHECK_FALSE(pair.has(note(0)));
    }
}

TEST_CASE("root: the known folder back at its path needs no word, and an old one is forgotten") {
    Pair pair;
    fill(pair, 10);
    pair.close();
    fs::rename(pair.root(), pair.base / "away");
    pair.open();
    CHECK(start_code(pair) == ErrorCode::root_unverified);
    fs::remove_all(pair.root());
    fs::rename(pair.base / "away", pair.root());
    CHECK(start_code(pair) == ErrorCode::ok);
    pair.directory().flush();
    CHECK(pair.directory().status().held_deletions == 0);
    CHECK(pair.directory().confirm_deletions() == 0);
    CHECK(pair.store().count() == 10);
}

TEST_CASE("root: a word given for a refused folder is none for the known one [trap-09]") {
    Pair pair;
    fill(pair, 10);
    pair.close();
    fs::rename(pair.root(), pair.base / "away");
    pair.open();
    CHECK(start_code(pair) == ErrorCode::root_unverified);
    CHECK(pair.store().confirm_deletions() == 10);
    pair.close();
    fs::remove_all(pair.root());
    fs::rename(pair.base / "away", pair.root());
    for (int i = 0; i < 8; ++i)
        pair.remove(note(i));
    pair.open();
    pair.directory().import_all();
    CHECK(pair.store().count() == 10);
    CHECK(pair.directory().status().held_deletions == 8);
    // Nor for a folder that is refused later.
    pair.close();
    fs::remove_all(pair.root());
    pair.open();
    CHECK(start_code(pair) == ErrorCode::root_unverified);
}

TEST_CASE("root: one that was filled by another layout is refused, and a new folder is filled by it") {
    Pair pair;
    fill(pair, 10);
    pair.close();
    const auto before = pair.stamps();
    pair.options.layout = Layout::sharded;
    CHECK(start_code(pair) == ErrorCode::invalid_options);
    pair.close();
    CHECK(pair.stamps() == before);
    SECTION("set back") {
        pair.options.layout = Layout::flat;
        pair.open();
        pair.directory().import_all();
        CHECK(pair.stamps() == before);
        CHECK(pair.settled());
    }
    SECTION("another folder") {
        pair.options.sync_path = pair.base / "elsewhere";
        pair.open();
        pair.directory().flush();
        CHECK(pair.settled());
        CHECK(pair.stamps().size() == 10);
        CHECK_FALSE(pair.has(note(3)));
        CHECK(pair.store().count({"note"}) == 10);
    }
}

TEST_CASE("root: as long as it is empty its layout may change") {
    Pair pair;
    pair.directory().flush();
    pair.close();
    pair.options.layout = Layout::sharded;
    fill(pair, 10);
    CHECK(pair.settled());
    CHECK_FALSE(pair.has(note(3)));
}

TEST_CASE("root: moved with its marker and named anew it is the same folder") {
    Pair pair;
    fill(pair, 10);
    pair.close();
    fs::rename(pair.root(), pair.base / "elsewhere");
    pair.options.sync_path = pair.base / "elsewhere";
    pair.remove(note(3));
    pair.open();
    pair.directory().import_all();
    CHECK(pair.store().count() == 9);
    CHECK(pair.settled());
}

}  // namespace fluentsync::flow
