// Folders in a file's place, folders with a repository of their own, and rows whose key is no text.
#include <catch2/catch.hpp>

#include <algorithm>

#include "pair.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

/// note/ becomes somebody's repository, or stops to be one.
void make_repository(const std::string& root) {
    fs::create_directories(root + "/note/.git");
    write_file(root + "/note/.git/HEAD", "ref: refs/heads/main\n");
}

void check_barred(const std::vector<Held>& held) {
    REQUIRE(held.size() == 1);
    CHECK(held.front().path == "note");
    CHECK(held.front().reason.find("note/.git") != std::string::npos);
}

EventLog::Match told(EventKind kind, const std::string& path) {
    return [=](const Event& event) { return event.kind == kind && event.path == path; };
}

}  // namespace

TEST_CASE("held: raw SQL with a key that is a BLOB is exported like any other") {
    Place place;
    place.options.git.enabled = false;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\n"});
    workspace.sync();
    raw_sql(place.options.store.path,
            "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'y'), (x'6e6f7465', 'c', 'z'), "
            "('note', x'66ff', 'no UTF-8')");
    workspace.sync();
    CHECK(place.read("note/ab.md") == "y");
    CHECK(place.read("note/c.md") == "z");
    CHECK(workspace.status().directory.pending_exports == 0);
    REQUIRE(workspace.status().directory.held.size() == 1);
    CHECK(workspace.status().directory.held.front().code == ErrorCode::invalid_key);
    const VerifyReport report = workspace.verify();
    for (const Drift& drift : report.drifts)
        FAIL_CHECK(drift.path << ": " << drift.what);
}

TEST_CASE("held: verify() survives a BLOB key that was written a moment ago") {
    Place place;
    place.options.git.enabled = false;
    Workspace workspace(place.options);
    workspace.store().put({"note", "ab", "a\n"});
    workspace.sync();
    raw_sql(place.options.store.path,
            "INSERT INTO entities(type, id, content) VALUES('note', x'6162', 'y'), ('note', x'63', 'y')");
    workspace.verify();
    workspace.sync();
    CHECK(place.read("note/ab.md") == "a\n");
    CHECK(workspace.store().conflicts().size() == 1);
    CHECK(workspace.verify().drifts.empty());
}

TEST_CASE("held: a type folder that was away behind a link is let go when it is back [trap-42]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\n"});
    workspace.sync();
    fs::rename(place.file("note"), place.base / "away");
    fs::create_directory_symlink(place.base / "away", place.file("note"));
    workspace.sync();
    const auto held = workspace.status().directory.held;
    CHECK(std::count_if(held.begin(), held.end(), [](const Held& one) { return one.path == "note"; }) == 1);
    fs::remove(place.file("note"));
    fs::rename(place.base / "away", place.file("note"));
    workspace.sync();
    CHECK(workspace.status().directory.held.empty());
    CHECK(workspace.store().get({"note", "a"}));
    CHECK(workspace.verify().drifts.empty());
}

TEST_CASE("held: a folder stays held in the place of a file that the ledger knows") {
    Pair pair;
    pair.put("a", "a\n");
    pair.directory().flush();
    pair.remove("note/a.md");
    fs::create_directories(pair.file("note/a.md"));
    pair.directory().import_all();
    CHECK(pair.held("note/a.md"));
    CHECK(pair.settled());
    CHECK(pair.content("a") == "a\n");
    CHECK(pair.held("note/a.md"));
}

TEST_CASE("held: a type folder with a repository of its own is listed until that goes [trap-42]") {
    Pair pair;
    pair.put("a", "a\n");
    pair.put("b", "b\n");
    pair.directory().flush();
    make_repository(pair.root());
    pair.write("note/new.md", "new\n");
    pair.write("note/a.md", "a, edited\n");
    pair.directory().import_all();
    check_barred(pair.directory().status().held);
    CHECK_FALSE(pair.content("new"));
    CHECK(pair.content("a") == "a, edited\n");
    CHECK(pair.content("b") == "b\n");
    CHECK(pair.settled());
    pair.reopen();
    CHECK(pair.settled());
    check_barred(pair.directory().status().held);
    fs::remove_all(pair.file("note/.git"));
    pair.directory().import_all();
    CHECK(pair.directory().status().held.empty());
    CHECK(pair.content("new") == "new\n");
    CHECK(pair.settled());
}

TEST_CASE("held: verify() says once that a folder has a repository of its own") {
    Place place;
    Workspace workspace(place.options);
    for (const char* id : {"a", "b", "c"})
        workspace.store().put({"note", id, "text\n"});
    workspace.sync();
    make_repository(place.root());
    place.write("note/new.md", "new\n");
    const auto check_verify = [&](std::size_t told) {
        const VerifyReport report = workspace.verify();
        CHECK(report.drifts.size() == told);
        for (const Drift& drift : report.drifts)
            CHECK(drift.path == "note");
    };
    check_verify(1);
    workspace.sync();
    check_barred(workspace.status().directory.held);
    check_verify(0);
    CHECK(workspace.verify().held.size() == 1);
    CHECK(workspace.store().count() == 3);
    fs::remove_all(place.file("note/.git"));
    workspace.sync();
    CHECK(workspace.status().directory.held.empty());
    CHECK(workspace.store().count() == 4);
    check_verify(0);
}

TEST_CASE("held: a repository that nothing is exchanged with is nobody's business") {
    Place place;
    place.options.git.enabled = GENERATE(false, true);
    place.options.directory.entity_types = {"note"};
    Workspace workspace(place.options);
    place.write(".gitignore", "vendor/\n");
    place.write("vendor/theirs/file.txt", "text\n");
    fs::create_directories(place.file("vendor/theirs/.git"));
    workspace.sync();
    CHECK(workspace.status().directory.held.empty());
}

TEST_CASE("held: a repository that git ignores is nobody's business, whatever types there are") {
    Place place;
    Workspace workspace(place.options);
    place.write(".gitignore", "vendor/\n");
    place.write("vendor/theirs/readme.md", "text\n");
    fs::create_directories(place.file("vendor/theirs/.git"));
    workspace.sync();
    CHECK(workspace.status().directory.held.empty());
    CHECK(workspace.verify().drifts.empty());
    CHECK(Workspace(place.options).verify().drifts.empty());
}

TEST_CASE("held: with automation a repository of a folder's own is seen to come and to go") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.put("a", "a\n");
    pair.directory().start();
    pair.directory().flush();
    const bool restarted = GENERATE(false, true);
    make_repository(pair.root());
    REQUIRE(pair.log.wait_for(told(EventKind::file_held, "note")));
    if (restarted) {
        pair.reopen();
        pair.directory().start();
        pair.directory().flush();
    }
    pair.write("note/new.md", "new\n");
    pair.write("note/a.md", "a, edited\n");
    pair.directory().flush();
    check_barred(pair.directory().status().held);
    CHECK_FALSE(pair.content("new"));
    CHECK(pair.content("a") == "a, edited\n");
    fs::remove_all(pair.file("note/.git"));
    REQUIRE(pair.log.wait_for(told(EventKind::file_released, "note")));
    pair.directory().flush();
    CHECK(pair.content("new") == "new\n");
    CHECK(pair.directory().status().held.empty());
}

}  // namespace fluentsync::flow
