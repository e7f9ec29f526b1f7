// Folders that we make ourselves, and what a person does in them before they are watched.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

TEST_CASE("new folder: what is removed or renamed right after our export made it is noticed") {
    const std::string below = GENERATE("", "deep/er/");
    Place place;
    place.options.directory.sync_debounce = std::chrono::milliseconds(300);
    Workspace workspace(place.options);
    for (int i = 0; i < 10; ++i) {
        workspace.store().put({"company", std::to_string(i), "company\n"});
    }
    workspace.start();
    workspace.directory().flush();
    const std::string gone = "fresh/" + below + "gone.md";
    const std::string moved = "fresh/" + below + "moved.md";
    workspace.store().put({"fresh", below + "gone", "gone\n"});
    workspace.store().put({"fresh", below + "moved", "moved\n"});
    REQUIRE(wait_until([&] { return place.has(gone) && place.has(moved); }));
    place.remove(gone);
    std::filesystem::rename(place.file(moved), place.file("fresh/" + below + "target.md"));
    CHECK(wait_until([&] { return content_of(workspace, "fresh", below + "target") == "moved\n"; }));
    CHECK(wait_until([&] { return content_of(workspace, "fresh", below + "gone") == "(no entity)"; }));
    CHECK(wait_until([&] { return content_of(workspace, "fresh", below + "moved") == "(no entity)"; }));
    workspace.directory().flush();
    CHECK_FALSE(place.has(gone));
    CHECK_FALSE(place.has(moved));
}

TEST_CASE("new folder: what is removed right after a pull made it is noticed") {
    support::BareRemote remote;
    remote.push_file("note/a.md", "a\n");
    Place place;
    place.options.directory.sync_debounce = std::chrono::milliseconds(300);
    Workspace workspace(with_remote(place, remote.path()));
    for (int i = 0; i < 10; ++i) {
        workspace.store().put({"company", std::to_string(i), "company\n"});
    }
    workspace.sync();
    workspace.start();
    workspace.directory().flush();
    write_file(remote.person() + "/fresh/gone.md", "gone\n");
    write_file(remote.person() + "/fresh/plain.txt", "plain\n");
    support::run_git(remote.person(), {"pull", "-q", "--rebase", "origin", "main"});
    person_pushes(remote);
    workspace.git().pull();
    REQUIRE(place.has("fresh/gone.md"));
    place.remove("fresh/gone.md");
    place.remove("fresh/plain.txt");
    CHECK(wait_until([&] { return content_of(workspace, "fresh", "gone") == "(no entity)"; }));
    workspace.git().commit();
    CHECK(tree_paths(place).find("fresh") == std::string::npos);
}

}  // namespace fluentsync::flow
