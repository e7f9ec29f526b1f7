// What each of the directory's options does to real files.
#include <catch2/catch.hpp>

#include "pair.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

std::string rfc_archive() {
    if (const char* folder = std::getenv("FLUENTSYNC_TEST_DATA")) {
        return std::string(folder) + "/rust-rfcs.tar.xz";
    }
    const fs::path checkout = fs::path(__FILE__).parent_path().parent_path().parent_path();
    return (checkout.parent_path() / "shared/data/rust-rfcs.tar.xz").string();
}

/// Every file below `folder` that is an entity's, with its bytes.
std::map<std::string, std::string> contents(const std::string& folder) {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string path = fs::relative(entry.path(), folder).string();
        if (entry.is_regular_file() && entry.path().extension() == ".md" && path.find('/') != path.npos &&
            path[0] != '.') {
            result[path] = read_file(entry.path().string());
        }
    }
    return result;
}

}  // namespace

TEST_CASE("options: entity_types is honoured both ways [trap-50]") {
    Pair pair;
    pair.options.entity_types = {"note", "task"};
    pair.store().put({"note", "a", "note\n"});
    pair.store().put({"diary", "secret", "mine\n"});
    pair.write("task/b.md", "task\n");
    pair.write("draft/c.md", "draft\n");
    pair.directory().import_all();
    pair.directory().export_all();
    CHECK(pair.has("note/a.md"));
    CHECK_FALSE(pair.has("diary/secret.md"));
    CHECK(pair.store().get({"task", "b"}));
    CHECK_FALSE(pair.store().get({"draft", "c"}));
    CHECK(pair.directory().status().pending_exports == 0);
    CHECK(pair.directory().status().held.empty());
    pair.store().remove({"diary", "secret"});
    pair.remove("draft/c.md");
    CHECK(pair.settled());
}

TEST_CASE("options: an entity that outlives its file by delete_on_file_removal is no drift") {
    Place place;
    place.options.directory.delete_on_file_removal = false;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.store().put({"note", "b", "one\n"});
    workspace.sync();
    place.remove("note/a.md");
    CHECK_FALSE(workspace.verify().clean());  // Nobody has looked yet.
    workspace.sync();
    CHECK(workspace.store().get({"note", "a"}));
    CHECK(workspace.verify().clean());
    workspace.store().put({"note", "a", "two\n"});
    workspace.sync();
    CHECK(place.read("note/a.md") == "two\n");
    CHECK(workspace.verify().clean());
}

TEST_CASE("options: a type left out for a while loses no edit of either side [trap-50]") {
    Pair pair;
    pair.put_company();
    pair.store().put({"task", "a", "base\n"});
    pair.store().put({"task", "b", "base\n"});
    pair.store().put({"task", "c", "base\n"});
    pair.store().put({"task", "d", "base\n"});
    pair.directory().flush();

    pair.options.entity_types = {"note"};
    pair.reopen();
    pair.write("task/a.md", "the person's\n");
    pair.store().put({"task", "b", "the host's\n"});
    pair.write("task/c.md", "the person's\n");
    pair.store().put({"task", "c", "the host's\n"});
    pair.remove("task/d.md");
    pair.directory().import_all();
    pair.directory().export_all();
    CHECK(pair.store().get({"task", "a"})->content == "base\n");
    CHECK(pair.read("task/b.md") == "base\n");
    CHECK(pair.store().get({"task", "d"}));

    pair.options.entity_types = {};
    pair.reopen();
    pair.directory().import_all();
    pair.directory().export_all();
    const auto holds = [&](const std::string& id, const std::string& text) {
        if (pair.store().get({"task", id})->content == text) return true;
        for (const Conflict& one : pair.store().conflicts()) {
            if (one.id == id && (one.loser_content == text || one.winner_content == text)) return true;
        }
        return false;
    };
    CHECK(holds("a", "the person's\n"));
    CHECK(holds("b", "the host's\n"));
    CHECK(holds("c", "the person's\n"));
    CHECK(holds("c", "the host's\n"));
    CHECK(pair.settled());
}

TEST_CASE("options: without auto_sync and initial_sync nothing moves until it is asked for") {
    Pair pair;
    pair.options.initial_sync = false;
    pair.put("a", "store\n");
    pair.write("note/b.md", "file\n");
    pair.directory().start();
    pair.fence();
    CHECK_FALSE(pair.has("note/a.md"));
    CHECK_FALSE(pair.content("b"));
    CHECK_FALSE(pair.directory().status().auto_sync);
    pair.directory().flush();
    CHECK(pair.read("note/a.md") == "store\n");
    CHECK(pair.content("b") == "file\n");
}

TEST_CASE("options: initial_sync brings both sides together, watched or not") {
    Pair pair;
    pair.options.auto_sync = GENERATE(true, false);
    pair.put("a", "store\n");
    pair.write("note/b.md", "file\n");
    pair.directory().start();
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, "b")));
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "a")));
    CHECK(pair.read("note/a.md") == "store\n");
    CHECK(pair.content("b") == "file\n");
}

TEST_CASE("options: a debounce of zero exports at once") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.sync_debounce = std::chrono::milliseconds(0);
    pair.directory().start();
    pair.put("a", "one\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "a")));
    pair.write("note/b.md", "two\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, "b")));
}

TEST_CASE("options: what the store has over max_import_file_bytes is held, not exported [trap-48]") {
    Pair pair;
    pair.put("large", "few\n");
    pair.close();
    pair.remove("note/large.md");
    pair.options.max_import_file_bytes = 10;
    pair.open();
    raw_sql(pair.database(),
            "UPDATE entities SET content = 'more than ten bytes' || char(10) WHERE id = 'large'");
    pair.put("small", "few\n");
    pair.directory().flush();
    CHECK_FALSE(pair.has("note/large.md"));
    CHECK(pair.has("note/small.md"));
    REQUIRE(pair.held("note/large.md"));
    CHECK(pair.held("note/large.md")->code == ErrorCode::too_large);
    CHECK(pair.settled());
    pair.options.max_import_file_bytes = 1000;
    pair.reopen();
    pair.directory().export_all();
    CHECK(pair.read("note/large.md") == "more than ten bytes\n");
    CHECK(pair.directory().status().held.empty());
}

TEST_CASE("options: another sync_path for the same store gets everything, and takes nothing away") {
    Pair pair;
    for (int i = 0; i < 20; ++i)
        pair.put(std::to_string(i), "text " + std::to_string(i) + "\n");
    pair.directory().flush();
    const auto before = contents(pair.root());
    const std::string first = pair.root();
    pair.close();
    pair.options.sync_path = pair.base / "second";
    pair.write("note/extra.md", "was here before\n");
    pair.write("note/3.md", "differs\n");
    pair.open();
    pair.directory().import_all();
    CHECK(pair.store().count() == 21);
    CHECK(pair.store().conflicts().size() == 1);
    CHECK(contents(pair.root()).size() == 21);
    CHECK(contents(first) == before);
    CHECK(pair.settled());
}

TEST_CASE("options: deletion_guard is asked about the entities alone, too, and about all files") {
    Place place;
    Workspace workspace(place.options);
    const auto note = [](int i) { return "note/" + std::to_string(i) + ".md"; };
    for (int i = 0; i < 10; ++i)
        workspace.store().put({"note", std::to_string(i), "text\n"});
    for (int i = 0; i < 40; ++i)
        place.write("assets/" + std::to_string(i) + ".png", "png");
    workspace.sync();
    std::int64_t held = 0;
    std::int64_t left = 10;
    SECTION("all entities") {
        fs::rename(place.file("note"), place.base / "away");
        held = 10;
    }
    SECTION("some, then some more") {
        for (int i = 0; i < 3; ++i)
            place.remove(note(i));
        workspace.sync();
        CHECK(workspace.store().count() == 7);
        for (int i = 3; i < 6; ++i)
            place.remove(note(i));
        held = 3;
        left = 7;
    }
    SECTION("a few plain files") {
        for (int i = 0; i < 10; ++i)
            place.remove("assets/" + std::to_string(i) + ".png");
    }
    SECTION("all plain files") {
        fs::rename(place.file("assets"), place.base / "away");
        held = 40;
    }
    workspace.sync();
    CHECK(workspace.store().count() == left);
    CHECK(workspace.status().directory.held_deletions == held);
}

TEST_CASE("options: real texts go in and come out in another folder byte by byte [trap-17]") {
    if (!fs::exists(rfc_archive())) {
        WARN("skipped: no " + rfc_archive() + " (set FLUENTSYNC_TEST_DATA)");
        return;
    }
    Pair pair;
    const std::string unpacked = pair.base / "unpacked";
    fs::create_directories(unpacked);
    support::must_run({"tar", "-xJf", rfc_archive(), "-C", unpacked});
    fs::rename(unpacked, pair.root());
    const auto before = contents(pair.root());
    const auto stamps = pair.stamps();
    REQUIRE(before.size() > 100);
    const std::int64_t imported = pair.directory().import_all();
    const auto held = pair.directory().status().held;
    for (const Held& one : held)
        INFO(one.path << ": " << one.reason);
    CHECK(imported + static_cast<std::int64_t>(held.size()) == static_cast<std::int64_t>(before.size()));
    CHECK(held.size() * 20 < before.size());
    CHECK(pair.stamps() == stamps);
    pair.close();
    pair.options.sync_path = pair.base / "second";
    pair.open();
    CHECK(pair.directory().export_all() == imported);
    auto expected = before;
    for (const Held& one : held)
        expected.erase(one.path);
    CHECK(contents(pair.root()) == expected);
    CHECK(pair.settled());
}

TEST_CASE("options: a database inside the folder that it is synchronised with is refused") {
    Place place;
    place.options.store.path = place.file("brain.db");
    std::filesystem::create_directories(place.root());
    Workspace workspace(place.options);
    try {
        workspace.sync();
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_options);
        CHECK(std::string(error.what()).find("inside the synchronised folder") != std::string::npos);
    }
    Place usual;
    std::filesystem::create_directories(usual.file(".fluentsync"));
    usual.options.store.path = usual.file(".fluentsync/store.db");
    Workspace(usual.options).sync();
}

TEST_CASE("options: a workspace that is only read tells its status, and refuses what would write") {
    Place place;
    {
        Workspace workspace(place.options);
        workspace.store().put({"note", "a", "text\n"});
        workspace.sync();
    }
    const std::string head = place.head();
    place.write("note/b.md", "not imported\n");
    place.options.store.read_only = true;
    Workspace workspace(place.options);
    const WorkspaceStatus status = workspace.status();
    CHECK(status.entities == 1);
    CHECK(status.directory.root_verified);
    CHECK(status.git->head == head);
    CHECK_FALSE(workspace.verify().clean());
    CHECK(code_of([&] { workspace.start(); }) == ErrorCode::misuse);
    CHECK(code_of([&] { workspace.sync(); }) == ErrorCode::misuse);
    CHECK(code_of([&] { workspace.directory().flush(); }) == ErrorCode::misuse);
    CHECK(code_of([&] { workspace.git().commit(); }) == ErrorCode::misuse);
    CHECK(code_of([&] { workspace.git().pull(); }) != ErrorCode::ok);
    workspace.close();
    CHECK(place.head() == head);
}

}  // namespace fluentsync::flow
