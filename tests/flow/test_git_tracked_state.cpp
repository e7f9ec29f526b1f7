// The state folder is each machine's own: a repository that has one is not obeyed.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// A file at the root of the tree that some file system takes for .fluentsync, or for something in it.
std::string state_path() {
    return GENERATE(std::string(".fluentsync/config.json"), ".FluentSync", "FLUENT~1/config.json",
                    "fl1A2b~1/store.db");
}

/// The remote's person takes it out again, and adds a note.
void take_out(const support::BareRemote& remote, const std::string& path) {
    support::run_git(remote.person(), {"rm", "-q", path});
    support::write_file(remote.person() + "/note/mended.md", "mended\n");
    person_pushes(remote);
}

std::string refused_sync(Workspace& workspace) {
    try {
        workspace.sync();
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::repository);
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("tracked state: a tip of the remote's that has it is no pull, and stops nothing else") {
    const std::string path = state_path();
    INFO(path);
    support::BareRemote remote;
    remote.push_file("note/a.md", "a\n");
    Place place;
    std::optional<Workspace> workspace(std::in_place, with_remote(place, remote.path()));
    workspace->sync();
    const std::string before = place.head();
    remote.push_file(path, "{}");
    remote.push_file("note/beside.md", "beside\n");
    CHECK(code_of([&] { workspace->git().pull(); }) == ErrorCode::invalid_key);
    CHECK(place.head() == before);
    CHECK_FALSE(place.has("note/beside.md"));
    for (const bool reopened : {false, true}) {
        INFO("reopened: " << reopened);
        if (reopened) {
            workspace.reset();
            workspace.emplace(with_remote(place, remote.path()));
        }
        workspace->store().put({"note", reopened ? "c" : "b", "local\n"});
        CHECK_FALSE(workspace->git().commit().commit.empty());
        CHECK(code_of([&] { workspace->sync(); }) == ErrorCode::invalid_key);
    }
    take_out(remote, path);
    workspace->sync();
    CHECK(tree_paths(place) == "note/a.md\nnote/b.md\nnote/beside.md\nnote/c.md\nnote/mended.md");
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(*workspace).empty());
}

TEST_CASE("tracked state: a workspace that is born from such a remote waits for a better commit") {
    const std::string path = state_path();
    INFO(path);
    support::BareRemote remote;
    remote.push_file(path, "{}");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    CHECK(code_of([&] { workspace.sync(); }) == ErrorCode::invalid_key);
    CHECK_FALSE(place.has("FLUENT~1"));
    take_out(remote, path);
    workspace.sync();
    CHECK(content_of(workspace, "note", "mended") == "mended\n");
    CHECK(place.head() == remote.tip("main"));
}

TEST_CASE("tracked state: no work with a repository whose HEAD or index has it, until it is out") {
    const std::string path = state_path();
    const std::string where = GENERATE("HEAD", "the index", "the index of a branch without a commit");
    INFO(path << " in " << where);
    Place place;
    place.write("note/a.md", "a\n");
    support::must_run({"git", "init", "-q", "-b", "main", place.root()});
    if (where == "the index") {
        place.git({"add", "note"});
        place.git({"commit", "-q", "-m", "one"});
    }
    place.write(path == ".FluentSync" ? "other" : path, "{}");
    const std::string blob = place.git({"hash-object", "-w", place.file("note/a.md")});
    place.git({"update-index", "--add", "--cacheinfo", "100644," + blob + "," + path});
    if (where == "HEAD") {
        place.git({"commit", "-q", "-m", "with it"});
        place.git({"rm", "-rqf", "--cached", path});
    }
    const std::string commits = place.git({"rev-list", "--all"});
    Workspace workspace(place.options);
    CHECK(code_of([&] { workspace.git().start(); }) == ErrorCode::repository);
    const std::string words = refused_sync(workspace);
    CHECK(words.find("comes from the repository") != std::string::npos);
    CHECK(words.find("git rm -r --cached '" + path.substr(0, path.find('/')) + "'") != std::string::npos);
    CHECK(words.find('\n') == std::string::npos);
    CHECK_FALSE(refused_sync(workspace).empty());
    CHECK(place.git({"rev-list", "--all"}) == commits);
    CHECK(workspace.status().git->standing_back.find("git rm") != std::string::npos);
    place.git({"rm", "-rqf", "--cached", "--ignore-unmatch", path});
    place.git({"commit", "-q", "--allow-empty", "-m", "without it"});
    workspace.sync();
    CHECK(tree_paths(place).find("note/a.md") != std::string::npos);
    CHECK(workspace.status().git->standing_back.empty());
}

TEST_CASE("tracked state: HEAD that moves there later is stood back from, and goes on once it is out") {
    const bool staged = GENERATE(true, false);
    support::BareRemote remote;
    remote.push_file("note/a.md", "a\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    place.git({"add", "-f", ".fluentsync/folder-id"});
    if (!staged) {
        place.git({"commit", "-q", "-m", "by mistake"});
        place.git({"rm", "-q", "--cached", ".fluentsync/folder-id"});
    }
    const std::string before = place.head();
    workspace.store().put({"note", "b", "b\n"});
    CHECK(refused_sync(workspace).find(staged ? "the index has it" : "HEAD has it") != std::string::npos);
    remote.push_file("note/theirs.md", "theirs\n");
    CHECK(code_of([&] { workspace.git().pull(); }) == ErrorCode::repository);
    CHECK(place.head() == before);
    CHECK(place.read("note/b.md") == "b\n");  // Store and folder go on.
    if (staged) place.git({"rm", "-rq", "--cached", ".fluentsync"});
    place.git({"commit", "-q", "--allow-empty", "-m", "out again"});
    workspace.sync();
    CHECK(tree_paths(place) == "note/a.md\nnote/b.md\nnote/theirs.md");
    CHECK(drifts(workspace).empty());
}

}  // namespace fluentsync::flow
