// Content that no file may have is refused when it is written, not at its export.
#include <catch2/catch.hpp>

#include <algorithm>

#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

namespace {

const std::string kMost(1000, 'x');
const std::string kMore(1001, 'x');

}  // namespace

TEST_CASE("content limit: what could never be a file is refused by every write [trap-48]") {
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    Workspace workspace(place.options);
    EntityStore& store = workspace.store();
    CHECK(store.put({"note", "a", kMost}).changed);
    CHECK(code_of([&] { store.put({"note", "a", kMore}); }) == ErrorCode::too_large);
    CHECK(code_of([&] { store.create({"note", "b", kMore}); }) == ErrorCode::too_large);
    CHECK(code_of([&] {
              store.put_all({{"note", "b", "b"}, {"note", "c", kMore}});
          }) == ErrorCode::too_large);
    CHECK(code_of([&] { store.set_metadata({"note", "a"}, "key", "1"); }) == ErrorCode::too_large);
    store.transaction([&](EntityTransaction& transaction) {
        transaction.put({"note", "d", "d"});
        CHECK(code_of([&] { transaction.put({"note", "e", kMore}); }) == ErrorCode::too_large);
    });
    CHECK(store.count() == 2);
    CHECK(content_of(workspace, "note", "a") == kMost);
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("content limit: another process' store knows it, and a store without a folder has none") {
    Place place;
    {
        EntityStore alone(place.options.store);
        CHECK(alone.put({"note", "before", kMore}).changed);
    }
    place.options.directory.max_import_file_bytes = 1000;
    {
        Workspace workspace(place.options);
        EntityStore another(place.options.store);
        CHECK(code_of([&] { another.put({"note", "a", kMore}); }) == ErrorCode::too_large);
        workspace.sync();  // What was there before is held, and told.
        CHECK(held_paths(workspace) == std::set<std::string>{"note/before.md"});
    }
    place.options.directory.max_import_file_bytes = 2000;
    Workspace workspace(place.options);
    CHECK(workspace.store().put({"note", "a", kMore}).changed);
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(place.read("note/before.md") == kMore);
}

TEST_CASE("content limit: types that go to no file have none; raw rows are held") {
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    place.options.directory.entity_types = {"note"};
    Workspace workspace(place.options);
    CHECK(workspace.store().put({"blob", "a", kMore}).changed);
    CHECK(code_of([&] { workspace.store().put({"note", "a", kMore}); }) == ErrorCode::too_large);
    raw_sql(place.options.store.path,
            "INSERT INTO entities(type, id, content) VALUES('note', 'raw', printf('%.*c', 1001, 'x'))");
    workspace.sync();
    CHECK(held_paths(workspace) == std::set<std::string>{"note/raw.md"});
}

TEST_CASE("too deep: a path of more folders than git takes is held, and all else is committed") {
    Place place;
    Workspace workspace(place.options);
    std::string deep;
    for (int i = 0; i < 250; ++i)
        deep += "d/";
    CHECK(code_of([&] { workspace.store().put({"note", deep + "x", "text\n"}); }) == ErrorCode::invalid_key);
    raw_sql(place.options.store.path,
            "INSERT INTO entities(type, id, content) VALUES('note', '" + deep + "raw', 'raw')");
    place.write("note/" + deep + "file.md", "text\n");
    place.write(deep + "plain.txt", "text\n");
    workspace.store().put({"note", "a", "text\n"});
    workspace.sync();
    CHECK(tree_paths(place) == "note/a.md");
    const auto held = held_paths(workspace);
    CHECK(held.size() == 3);
    CHECK(held.count("note/" + deep + "file.md") == 1);
    CHECK(held.count(deep + "plain.txt") == 1);
    CHECK(workspace.status().git->uncommitted == 0);
}

TEST_CASE("too deep: an entry of an earlier version's ledger is left out and held") {
    Place place;
    std::string path = "note/";
    for (int i = 0; i < 250; ++i)
        path += "d/";
    path += "x.md";
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "text\n"});
    workspace.directory().flush();
    raw_sql(place.options.store.path,
            "INSERT INTO ledger(path, entity, executable, base, size, mtime_ns, ctime_ns, inode) SELECT '" +
                path + "', 1, 0, base, 0, 0, 0, 0 FROM ledger WHERE path = 'note/a.md'");
    place.write(path, "text\n");
    workspace.sync();
    CHECK(tree_paths(place) == "note/a.md");
    CHECK(held_paths(workspace).count(path) == 1);
}

TEST_CASE("too deep: what the remote has is in git only") {
    support::BareRemote remote;
    std::string deep;
    for (int i = 0; i < 250; ++i)
        deep += "d/";
    support::write_file(remote.person() + "/note/" + deep + "x.md", "deep\n");
    support::write_file(remote.person() + "/note/a.md", "a\n");
    person_pushes(remote);
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.store().put({"note", "b", "b\n"});
    workspace.sync();
    CHECK(place.read("note/a.md") == "a\n");
    CHECK_FALSE(place.has("note/d"));
    CHECK(held_paths(workspace) == std::set<std::string>{"note/" + deep + "x.md"});
    CHECK(place.head() == remote.tip("main"));
    CHECK(tree_paths(place).find("note/b.md") != std::string::npos);
}

}  // namespace fluentsync::flow
