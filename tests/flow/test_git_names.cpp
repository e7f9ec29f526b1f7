// Attachments whose names cannot be everywhere: held where they are, and not sent to those who cannot take
// them.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

TEST_CASE("names: an attachment that no replica could take is held here and not committed") {
    const std::string name = GENERATE("back\\slash.txt", "tab\t.txt", "new\nline.txt", "latin1 \xE9.txt",
                                      "image/in\x01side.png", "fold\\er/fine.txt");
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    place.write(name, "x\n");
    place.write("fine.txt", "fine\n");
    workspace.store().put({"note", "a", "text\n"});
    workspace.sync();
    CHECK(tree_paths(place) == "fine.txt\nnote/a.md");
    REQUIRE(held_paths(workspace) == std::set<std::string>{name});
    const Held held = workspace.status().directory.held.front();
    CHECK(held.code == ErrorCode::invalid_key);
    CHECK(held.reason.find("rename it") != std::string::npos);
    CHECK(held.reason.find('\n') == std::string::npos);
    CHECK(drifts(workspace).empty());
    CHECK(remote.tip("main") == place.head());

    std::filesystem::rename(place.file(name), place.file("renamed.txt"));
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(tree_paths(place) == "fine.txt\nnote/a.md\nrenamed.txt");
    CHECK(drifts(workspace).empty());
}

TEST_CASE("names: what git ignores, and a folder without git, may hold any name") {
    Place place;
    place.write(".gitignore", "build/\n");
    place.write("build/back\\slash.o", "x\n");
    SECTION("ignored") {
        Workspace workspace(place.options);
        workspace.sync();
        CHECK(held_paths(workspace).empty());
        CHECK(drifts(workspace).empty());
    }
    SECTION("no git") {
        EventLoop loop;
        EntityStore store(loop, place.options.store);
        DirectorySync directory(loop, store, place.options.directory);
        place.write("tab\t.txt", "x\n");
        directory.import_all();
        CHECK(directory.status().held.empty());
    }
}

}  // namespace fluentsync::flow
