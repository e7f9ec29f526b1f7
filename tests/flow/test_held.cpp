// What cannot be exchanged is held where it is, told with its reason, and nothing else waits for it.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include "pair.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

/// "note/bad.md" was good once, then became `content`.
void spoil(Pair& pair, const std::string& content) {
    pair.put("bad", "good once\n");
    pair.put("other", "other\n");
    pair.directory().flush();
    pair.write("note/bad.md", content);
    pair.write("note/other.md", "other, edited\n");
    pair.write("note/new.md", "new\n");
    pair.directory().import_all();
}

void check_held(Pair& pair, ErrorCode code) {
    const auto held = pair.held("note/bad.md");
    REQUIRE(held);
    CHECK(held->code == code);
    CHECK_FALSE(held->reason.empty());
    CHECK(held->reason.find('\n') == std::string::npos);
    CHECK(held->since > 0);
    CHECK(pair.content("bad") == "good once\n");
    CHECK(pair.content("other") == "other, edited\n");
    CHECK(pair.content("new") == "new\n");
    CHECK(pair.directory().status().held.size() == 1);
}

/// A look at everything changes nothing while it is held; mending the file lets it go.
void check_release(Pair& pair) {
    CHECK(pair.settled());
    pair.reopen();
    CHECK(pair.settled());
    REQUIRE(pair.held("note/bad.md"));
    pair.write("note/bad.md", "mended\n");
    pair.directory().import_all();
    CHECK(pair.content("bad") == "mended\n");
    CHECK(pair.directory().status().held.empty());
    pair.fence();
    CHECK(pair.log.count(EventKind::file_released) == 1);
    CHECK(pair.settled());
}

}  // namespace

TEST_CASE("held: content that may not be imported, until it is mended [trap-13][trap-14][trap-16]") {
    struct Kind {
        std::string content;
        ErrorCode code;
    };
    const auto kind = GENERATE(
        Kind{"caf\xe9 in Latin-1\n", ErrorCode::invalid_content},
        Kind{"---\ntitle: [unclosed\n---\nbody\n", ErrorCode::invalid_front_matter},
        Kind{"---\na: 1\na: 2\n---\n", ErrorCode::invalid_front_matter},
        Kind{"---\na: &anchor 1\nb: *anchor\n---\n", ErrorCode::invalid_front_matter},
        Kind{"---\ntitle: half writ", ErrorCode::invalid_front_matter}, Kind{"", ErrorCode::invalid_content},
        Kind{" \n\t\r\n", ErrorCode::invalid_content}, Kind{"---\n---\n", ErrorCode::invalid_content},
        Kind{std::string(4096, '\0'), ErrorCode::invalid_content});
    CAPTURE(kind.content.substr(0, 20));
    Pair pair;
    spoil(pair, kind.content);
    check_held(pair, kind.code);
    CHECK(pair.read("note/bad.md") == kind.content);
    pair.fence();
    CHECK(pair.log.count([&](const Event& event) {
        return event.kind == EventKind::file_held && event.path == "note/bad.md" && event.code == kind.code &&
               !event.message.empty();
    }) == 1);
    check_release(pair);
}

TEST_CASE("held: a file over the limit is never read whole [trap-48]") {
    Pair pair;
    pair.options.max_import_file_bytes = 1000;
    SECTION("a little") {
        spoil(pair, std::string(1001, 'x'));
        check_held(pair, ErrorCode::too_large);
        check_release(pair);
    }
    SECTION("a terabyte") {
        spoil(pair, "x");
        REQUIRE(pair.content("bad") == "x");
        pair.put("bad", "good once\n");
        pair.directory().flush();
        fs::resize_file(pair.file("note/bad.md"), std::uintmax_t{1} << 40);
        pair.directory().import_all();
        check_held(pair, ErrorCode::too_large);
        CHECK(fs::file_size(pair.file("note/bad.md")) == std::uintmax_t{1} << 40);
        check_release(pair);
    }
    SECTION("exactly the limit is fine") {
        const std::string most(1000, 'x');
        spoil(pair, most);
        CHECK(pair.content("bad") == most);
        CHECK(pair.directory().status().held.empty());
    }
}

TEST_CASE("held: a link, FIFO or folder in a file's place is neither followed nor replaced [trap-42]") {
    Pair pair;
    pair.put("bad", "good once\n");
    pair.put("other", "other\n");
    pair.directory().flush();
    const std::string outside = pair.base / "outside.md";
    write_file(outside, "secret\n");
    pair.remove("note/bad.md");
    SECTION("a link to a file outside") {
        fs::create_symlink(outside, pair.file("note/bad.md"));
    }
    SECTION("a dangling link") {
        fs::create_symlink(pair.base / "nowhere", pair.file("note/bad.md"));
    }
    SECTION("a link to a folder outside") {
        fs::create_symlink(pair.base.path(), pair.file("note/bad.md"));
    }
    SECTION("a FIFO") {
        REQUIRE(mkfifo(pair.file("note/bad.md").c_str(), 0600) == 0);
    }
    const auto kind = fs::symlink_status(pair.file("note/bad.md")).type();
    pair.write("note/other.md", "other, edited\n");
    pair.write("note/new.md", "new\n");
    pair.directory().import_all();
    check_held(pair, ErrorCode::invalid_content);
    pair.put("bad", "the store moved on\n");
    pair.directory().export_all();
    CHECK(fs::symlink_status(pair.file("note/bad.md")).type() == kind);
    CHECK(read_file(outside) == "secret\n");
    CHECK(pair.content("bad") == "the store moved on\n");
    CHECK(pair.settled());
    pair.remove("note/bad.md");
    pair.directory().import_all();
    CHECK(pair.read("note/bad.md") == "the store moved on\n");
    CHECK(pair.directory().status().held.empty());
}

TEST_CASE("held: a linked folder and a nested repository are not entered [trap-42]") {
    Pair pair;
    pair.put("a", "a\n");
    pair.directory().flush();
    fs::create_directories(pair.base / "outside");
    write_file(pair.base / "outside/secret.md", "secret\n");
    fs::create_directory_symlink(pair.base / "outside", pair.file("linked"));
    fs::create_directory_symlink(pair.base / "outside", pair.file("note/linked"));
    fs::create_directories(pair.file("note/repo/.git"));
    pair.write("note/repo/inside.md", "somebody else's\n");
    pair.store().put({"linked", "escape", "must not be written outside\n"});
    pair.directory().import_all();
    CHECK(pair.store().count() == 2);
    CHECK_FALSE(fs::exists(pair.base / "outside/escape.md"));
    pair.put("a", "goes on\n");
    pair.directory().flush();
    const auto held = pair.held("linked/escape.md");
    REQUIRE(held);
    CHECK_FALSE(held->reason.empty());
    CHECK(pair.read("note/a.md") == "goes on\n");
    CHECK(pair.settled());
    fs::remove(pair.file("linked"));
    pair.directory().import_all();
    CHECK(pair.read("linked/escape.md") == "must not be written outside\n");
    CHECK_FALSE(pair.held("linked/escape.md"));
}

TEST_CASE("held: raw SQL with an id that would leave the root [trap-37]") {
    Pair pair;
    pair.put("a", "a\n");
    pair.directory().flush();
    const auto id =
        GENERATE(as<std::string>(), "../../escaped", "/etc/escaped", "..", "", "a//b", "a/../../b");
    CAPTURE(id);
    raw_sql(pair.database(), "INSERT INTO entities(type, id, content) VALUES('note', '" + id + "', 'out\n')");
    raw_sql(pair.database(), "INSERT INTO entities(type, id, content) VALUES('note', 'fine', 'fine\n')");
    pair.directory().flush();
    CHECK(pair.read("note/fine.md") == "fine\n");
    const auto held = pair.directory().status().held;
    REQUIRE(held.size() == 1);
    CHECK(held.front().code == ErrorCode::invalid_key);
    CHECK(held.front().path == "note/" + id);
    CHECK_FALSE(fs::exists(pair.base / "escaped.md"));
    CHECK_FALSE(fs::exists("/etc/escaped.md"));
    CHECK(pair.stamps().size() == 2);
    CHECK(pair.directory().status().pending_exports == 0);
    CHECK(pair.settled());
    raw_sql(pair.database(), "DELETE FROM entities WHERE id = '" + id + "'");
    pair.directory().flush();
    CHECK(pair.directory().status().held.empty());
    CHECK(pair.directory().status().pending_exports == 0);
    CHECK(pair.settled());
}

TEST_CASE("held: raw SQL with content that could not be imported back [trap-14]") {
    Pair pair;
    pair.put("bad", "good once\n");
    pair.put("other", "other\n");
    pair.directory().flush();
    const auto broken =
        GENERATE(as<std::string>(), "'---\nx: [\n---\n'", "CAST(x'66ff66' AS TEXT)", "zeroblob(5000)");
    pair.options.max_import_file_bytes = 4000;
    pair.reopen();
    raw_sql(pair.database(), "UPDATE entities SET content = " + broken + " WHERE id = 'bad'");
    raw_sql(pair.database(), "UPDATE entities SET content = 'other, edited' WHERE id = 'other'");
    pair.directory().flush();
    CHECK(pair.read("note/bad.md") == "good once\n");
    CHECK(pair.read("note/other.md") == "other, edited");
    const auto held = pair.held("note/bad.md");
    REQUIRE(held);
    CHECK(held->reason.find("store") != std::string::npos);
    CHECK(pair.settled());
    pair.put("bad", "mended\n");
    pair.directory().flush();
    CHECK(pair.read("note/bad.md") == "mended\n");
    CHECK(pair.directory().status().held.empty());
}

TEST_CASE("held: verify() lists what is held as held, in either layout, and as no drift") {
    Place place;
    place.options.git.enabled = false;
    place.options.directory.layout = GENERATE(Layout::flat, Layout::sharded);
    Workspace workspace(place.options);
    workspace.store().put({"note", "bad", "good once\n"});
    workspace.sync();
    raw_sql(place.options.store.path, "UPDATE entities SET content = '---\n: [\n---\n'");
    raw_sql(place.options.store.path, "INSERT INTO entities(type, id, content) VALUES('..', 'out', 'x')");
    workspace.sync();
    const VerifyReport report = workspace.verify();
    CHECK(report.held.size() == 2);
    for (const Drift& drift : report.drifts)
        FAIL_CHECK(drift.path << ": " << drift.what);
}

TEST_CASE("held: a file whose name has no key") {
    Pair pair;
    pair.put("a", "a\n");
    pair.directory().flush();
    pair.write("note/Latin \xe9.md", "text\n");
    pair.directory().import_all();
    CHECK(pair.directory().status().held.size() == 1);
    CHECK(pair.store().count() == 1);
    CHECK(pair.settled());
    fs::rename(pair.file("note/Latin \xe9.md"), pair.file("note/Latin e.md"));
    pair.directory().import_all();
    CHECK(pair.directory().status().held.empty());
    CHECK(pair.content("Latin e") == "text\n");
}

TEST_CASE("held: with automation the file is let go by its own change") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.put("bad", "good once\n");
    pair.directory().start();
    pair.directory().flush();
    pair.write("note/bad.md", "\xff");
    REQUIRE(pair.log.wait_for(EventKind::file_held));
    pair.write("note/bad.md", "mended\n");
    REQUIRE(pair.log.wait_for(EventKind::file_released));
    CHECK(pair.content("bad") == "mended\n");
}

TEST_CASE("held: a file is mended after the git side has closed and the folder goes on") {
    Place place;
    EventLoop loop;
    EntityStore store(loop, place.options.store);
    DirectorySync directory(loop, store, place.options.directory);
    auto git = std::make_unique<GitSync>(loop, store, directory, place.options.git);
    git->commit();
    place.write("note/a.md", "---\nbroken: [\n---\n");
    directory.import_all();
    REQUIRE(directory.status().held.size() == 1);
    git.reset();
    place.write("note/a.md", "mended\n");
    directory.import_all();
    CHECK(directory.status().held.empty());
    CHECK(store.get({"note", "a"}));
}

TEST_CASE("held: a file is let go though the first record of it failed") {
    Place place;
    Workspace workspace(place.options);
    place.write("note/bad.md", "\xff");
    workspace.directory().import_all();
    REQUIRE(workspace.status().directory.held.size() == 1);
    place.write("note/bad.md", "mended\n");
    raw_sql(place.options.store.path,
            "CREATE TRIGGER refuse BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'not now'); END");
    CHECK_THROWS_AS(workspace.directory().import_all(), Error);
    raw_sql(place.options.store.path, "DROP TRIGGER refuse");
    workspace.sync();
    CHECK(workspace.status().directory.held.empty());
    CHECK(place.git({"show", "HEAD:note/bad.md"}) == "mended");
}

}  // namespace fluentsync::flow
