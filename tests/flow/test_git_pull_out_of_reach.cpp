// Pulls that meet local files which are held because they cannot be content here.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// note/big.md, over the limit until now, gets a content that fits: it and the remote's are both kept.
void check_meets_theirs(Workspace& workspace, const Place& place) {
    place.write("note/big.md", "fits\n");
    workspace.sync();
    const auto conflicts = workspace.store().conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(std::set<std::string>{conflicts[0].winner_content, conflicts[0].loser_content} ==
          std::set<std::string>{"fits\n", "theirs\n"});
    CHECK(content_of(workspace, "note", "big") == conflicts[0].winner_content);
    CHECK(place.git({"show", "HEAD:note/big.md"}) + "\n" == conflicts[0].winner_content);
    CHECK(held_paths(workspace).empty());
    CHECK(drifts(workspace).empty());
}

}  // namespace

TEST_CASE("pull: a name that is no entity's follows its commits, and stops no pull [trap-39]") {
    support::BareRemote remote;
    remote.push_file("note/what: this.md", "one\n");
    remote.push_file("note/good.md", "good\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    REQUIRE(held_paths(workspace) == std::set<std::string>{"note/what: this.md"});
    remote.push_file("note/what: this.md", "two\n");
    const std::string tip = remote.push_file("note/good.md", "better\n");
    workspace.sync();
    CHECK(place.head() == tip);
    CHECK(place.read("note/what: this.md") == "two\n");
    CHECK(content_of(workspace, "note", "good") == "better\n");
    CHECK(held_paths(workspace) == std::set<std::string>{"note/what: this.md"});
    support::run_git(remote.person(), {"rm", "-q", "note/what: this.md"});
    remote.push_file("note/good.md", "best\n");
    workspace.sync();
    CHECK_FALSE(place.has("note/what: this.md"));
    CHECK(content_of(workspace, "note", "good") == "best\n");
    CHECK(held_paths(workspace).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: a local file over the limit stays, meets the commit's version later, the others go on") {
    support::BareRemote remote;
    remote.push_file("note/big.md", "small\n");
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    const std::string big(2000, 'x');
    place.write("note/big.md", big);
    remote.push_file("note/big.md", "theirs\n");
    const std::string tip = remote.push_file("note/other.md", "other\n");
    workspace.sync();
    CHECK(place.head() == tip);
    CHECK(place.read("note/big.md") == big);
    CHECK(content_of(workspace, "note", "other") == "other\n");
    CHECK(held_paths(workspace) == std::set<std::string>{"note/big.md"});
    CHECK(workspace.store().conflicts().empty());
    check_meets_theirs(workspace, place);
}

TEST_CASE("pull: a new local file over the limit takes nothing of the remote's file of its name") {
    support::BareRemote remote;
    remote.push_file("note/other.md", "other\n");
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    const std::string big(2000, 'x');
    place.write("note/big.md", big);
    workspace.directory().import_all();
    const std::string tip = remote.push_file("note/big.md", "theirs\n");
    workspace.sync();
    CHECK(place.head() == tip);
    CHECK(place.read("note/big.md") == big);
    check_meets_theirs(workspace, place);
}

TEST_CASE("pull: a remote that put a file where a folder was has its way beside a local commit [trap-30]") {
    support::BareRemote remote;
    remote.push_file("data/x.txt", "x\n");
    remote.push_file("note/a.md", "a\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    support::run_git(remote.person(), {"rm", "-q", "data/x.txt"});
    remote.push_file("data", "a file now\n");
    workspace.store().put({"note", "b", "b\n"});
    workspace.git().commit();
    workspace.sync();
    CHECK(place.read("data") == "a file now\n");
    CHECK(tree_paths(place) == "data\nnote/a.md\nnote/b.md");
    CHECK(workspace.store().conflicts().empty());
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: a removal that waits for its commit outlives the remote's change of mode") {
    support::BareRemote remote;
    for (const char* name : {"note/a.md", "note/b.md", "note/c.md"}) {
        remote.push_file(name, "text\n");
    }
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    place.remove("note/a.md");
    workspace.directory().import_all();
    REQUIRE_FALSE(workspace.store().get({"note", "a"}));
    support::run_git(remote.person(), {"update-index", "--chmod=+x", "note/a.md"});
    support::run_git(remote.person(), {"commit", "-q", "-m", "mode"});
    support::run_git(remote.person(), {"push", "-q", "origin", "main"});
    workspace.git().pull();
    workspace.git().commit();
    CHECK(tree_paths(place) == "note/b.md\nnote/c.md");
    CHECK_FALSE(place.has("note/a.md"));
    CHECK_FALSE(workspace.store().get({"note", "a"}));
}

TEST_CASE("pull: what was over the limit comes in once the limit is raised [trap-48]") {
    support::BareRemote remote;
    const std::string big(2000, 'x');
    remote.push_file("note/grown.md", "small\n");
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    {
        Workspace workspace(with_remote(place, remote.path()));
        workspace.sync();
        remote.push_file("note/grown.md", big);
        remote.push_file("note/new.md", big);
        workspace.sync();
        CHECK(held_paths(workspace) == std::set<std::string>{"note/grown.md", "note/new.md"});
        CHECK(content_of(workspace, "note", "grown") == "small\n");
        workspace.sync();
        CHECK(place.git({"show", "HEAD:note/grown.md"}) == big);
    }
    place.options.directory.max_import_file_bytes = 10'000;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(content_of(workspace, "note", "grown") == big);
    CHECK(content_of(workspace, "note", "new") == big);
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: an edit of what a commit made too large goes to git [trap-48]") {
    for (const bool restarted : {false, true}) {
        INFO("restarted: " << restarted);
        support::BareRemote remote;
        remote.push_file("note/grown.md", "small\n");
        Place place;
        place.options.directory.max_import_file_bytes = 1000;
        auto workspace = std::make_unique<Workspace>(with_remote(place, remote.path()));
        workspace->sync();
        remote.push_file("note/grown.md", std::string(2000, 'x'));
        workspace->sync();
        if (restarted) {
            workspace.reset();
            workspace = std::make_unique<Workspace>(with_remote(place, remote.path()));
        }
        place.write("note/grown.md", "mine\n");
        workspace->sync();
        CHECK(held_paths(*workspace).empty());
        CHECK(place.git({"show", "HEAD:note/grown.md"}) == "mine");
        CHECK(remote.tip("main") == place.head());
        CHECK(drifts(*workspace).empty());
    }
}

TEST_CASE("pull: what a commit made too large follows the commits after it [trap-48]") {
    for (const auto policy : {RemoteConflictPolicy::merge, RemoteConflictPolicy::prefer_local}) {
        support::BareRemote remote;
        remote.push_file("note/grown.md", "small\n");
        remote.push_file("note/gone.md", "small\n");
        Place place;
        place.options.directory.max_import_file_bytes = 1000;
        place.options.git.conflict_policy = policy;
        Workspace workspace(with_remote(place, remote.path()));
        workspace.sync();
        remote.push_file("note/grown.md", std::string(2000, 'x'));
        remote.push_file("note/gone.md", std::string(2000, 'x'));
        remote.push_file("note/new.md", std::string(2000, 'x'));
        workspace.sync();
        REQUIRE(held_paths(workspace).size() == 3);
        support::run_git(remote.person(), {"rm", "-q", "note/gone.md"});
        const std::string tip = remote.push_file("note/grown.md", "small again\n");
        workspace.sync();
        CHECK(place.head() == tip);
        CHECK(content_of(workspace, "note", "grown") == "small again\n");
        CHECK_FALSE(place.has("note/gone.md"));
        CHECK(workspace.store().conflicts().empty());
        CHECK(held_paths(workspace) == std::set<std::string>{"note/new.md"});
        // Somebody here writes what has been too large from its first commit on.
        place.write("note/new.md", "mine\n");
        workspace.sync();
        CHECK(held_paths(workspace).empty());
        CHECK(place.git({"show", "HEAD:note/new.md"}) == "mine");
        CHECK(drifts(workspace).empty());
    }
}

namespace {

/// note/grown.md, small here, over the limit in HEAD, and what is here was spoiled for a moment.
struct Spoiled {
    explicit Spoiled(bool restarts) {
        remote.push_file("note/grown.md", "small\n");
        place.options.directory.max_import_file_bytes = 1000;
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
        tip = remote.push_file("note/grown.md", big);
        workspace->sync();
        place.write("note/grown.md", "no \xff UTF-8\n");
        workspace->sync();
        if (restarts) {
            workspace.reset();
            workspace.emplace(with_remote(place, remote.path()));
            workspace->sync();
        }
        CHECK(held_paths(*workspace) == std::set<std::string>{"note/grown.md"});
    }

    support::BareRemote remote;
    Place place;
    const std::string big = std::string(2000, 'x');
    std::string tip;
    std::optional<Workspace> workspace;
};

}  // namespace

TEST_CASE("pull: what is over the limit stays HEAD's after the file here was spoiled and mended [trap-48]") {
    Spoiled at(GENERATE(false, true));
    at.place.write("note/grown.md", "small\n");
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.place.git({"show", "HEAD:note/grown.md"}) == at.big);
    CHECK(at.remote.tip("main") == at.tip);
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/grown.md"});
    at.place.write("note/grown.md", "mine\n");
    at.workspace->sync();
    CHECK(at.place.git({"show", "HEAD:note/grown.md"}) == "mine");
    CHECK(held_paths(*at.workspace).empty());
    CHECK(drifts(*at.workspace).empty());
}

TEST_CASE("pull: an edit and a removal of what a commit made too large go to git, spoiled first or not") {
    Spoiled at(GENERATE(false, true));
    if (GENERATE(false, true)) {
        at.place.write("note/grown.md", "mine\n");
        at.workspace->sync();
        CHECK(at.place.git({"show", "HEAD:note/grown.md"}) == "mine");
    } else {
        at.place.remove("note/grown.md");
        at.workspace->sync();
        at.workspace->directory().confirm_deletions();
        at.workspace->sync();
        CHECK(tree_paths(at.place).empty());
    }
    CHECK(at.remote.tip("main") == at.place.head());
    CHECK(held_paths(*at.workspace).empty());
    CHECK(drifts(*at.workspace).empty());
}

TEST_CASE(
    "pull: HEAD's next version of what was over the limit is spoiled, and the mended file is committed") {
    Spoiled at(false);
    at.place.write("note/grown.md", "small\n");
    at.workspace->sync();
    at.remote.push_file("note/grown.md", "bad \xff\n");
    at.workspace->git().pull();
    at.place.write("note/grown.md", "mended\n");
    at.workspace->git().commit();
    at.workspace->sync();
    CHECK(at.place.read("note/grown.md") == "mended\n");
    CHECK(at.workspace->store().conflicts().empty());
    CHECK(at.remote.tip("main") == at.place.head());
    CHECK(held_paths(*at.workspace).empty());
    CHECK(drifts(*at.workspace).empty());
}

}  // namespace fluentsync::flow
