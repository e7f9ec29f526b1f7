// Paths in options that are relative: they count from the working directory of the constructor.
#include <catch2/catch.hpp>

#include "bare_remote.hpp"
#include "place.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

class WorkingDirectory {
  public:
    explicit WorkingDirectory(const std::string& path) : before_(fs::current_path()) {
        fs::current_path(path);
    }
    ~WorkingDirectory() { fs::current_path(before_); }

  private:
    const fs::path before_;
};

}  // namespace

TEST_CASE("relative paths: another working directory later changes nothing") {
    Place place;
    support::BareRemote remote;
    const std::string elsewhere = place.base.path() + "/elsewhere";
    fs::create_directory(elsewhere);
    fs::create_directory(place.base.path() + "/real");
    fs::create_directory_symlink("real", place.base.path() + "/link");
    const WorkingDirectory here(place.base.path());
    place.options.store.path = "store.db";
    place.options.directory.sync_path = "link/notes";
    place.options.git.remote = fs::relative(remote.path()).string();
    EventLoop loop;
    EntityStore store(loop, place.options.store);
    DirectorySync directory(loop, store, place.options.directory);
    GitSync git(loop, store, directory, place.options.git);

    fs::current_path(elsewhere);
    store.put({"note", "a", "a\n"});
    git.sync();
    CHECK(support::read_file(place.base.path() + "/real/notes/note/a.md") == "a\n");
    CHECK(fs::is_empty(elsewhere));
    CHECK(git.status().last_push > 0);
    // Both connections of its own and the watch on others' writes are those of the same file.
    EventLog log;
    const auto subscription = store.subscribe(log);
    StoreOptions options = place.options.store;
    options.path = place.base.path() + "/store.db";
    EntityStore other(loop, options);
    other.put({"note", "b", "b\n"});
    CHECK(log.wait_for(entity_event(EventKind::entity_created, "b")));
    CHECK(store.get({"note", "b"}));
}

TEST_CASE("relative paths: a workspace finds its folder from anywhere") {
    Place place;
    fs::create_directory(place.base.path() + "/elsewhere");
    const WorkingDirectory here(place.base.path());
    place.options.directory.sync_path = "notes";
    Workspace workspace(place.options);
    fs::current_path(place.base.path() + "/elsewhere");
    workspace.store().put({"note", "a", "a\n"});
    workspace.sync();
    CHECK(workspace.verify().drifts.empty());
    CHECK(workspace.verify().files == 1);
    CHECK(workspace.status().directory.root_verified);
}

TEST_CASE("relative paths: what is no path for SQLite stays refused") {
    Place place;
    const WorkingDirectory here(place.base.path());
    StoreOptions options;
    options.path = ":memory:";
    EventLoop loop;
    CHECK_THROWS_WITH(EntityStore(loop, options), Catch::Contains(":memory:"));
    CHECK_FALSE(fs::exists(":memory:"));
}

}  // namespace fluentsync::flow
