// Pulls whose new version of a known file cannot be put here for now: the older one stays what it was made
// from.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

namespace {

const char* const kOld = "one\n\ntwo\n\nthree\n";
const char* const kTheirs = "ONE\n\ntwo\n\nthree\n";
const char* const kMine = "one\n\ntwo\n\nTHREE\n";
const char* const kBoth = "ONE\n\ntwo\n\nTHREE\n";

/// note/a.md is known here, and a link stands in its place when the remote's edit comes.
class Behind {
  public:
    Behind() {
        remote.push_file("note/a.md", kOld);
        remote.push_file("note/b.md", "b\n");
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
    }

    void put_link() {
        place.remove("note/a.md");
        std::filesystem::create_symlink("b.md", place.file("note/a.md"));
        workspace->directory().import_all();
    }
    void remove_link() const { place.remove("note/a.md"); }
    void remote_edits() {
        tip = remote.push_file("note/a.md", kTheirs);
        workspace->sync();
        REQUIRE(place.head() == tip);
        REQUIRE(held_paths(*workspace) == std::set<std::string>{"note/a.md"});
    }
    void reopen() {
        workspace.reset();
        workspace.emplace(with_remote(place, remote.path()));
    }
    void check_all_have(const std::string& content) {
        CHECK(place.read("note/a.md") == content);
        CHECK(content_of(*workspace, "note", "a") == content);
        CHECK(place.git({"show", "HEAD:note/a.md"}) + "\n" == content);
        CHECK(remote.tip("main") == place.head());
        CHECK(held_paths(*workspace).empty());
        CHECK(workspace->store().conflicts().empty());
        CHECK(drifts(*workspace).empty());
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
    std::string tip;
};

}  // namespace

TEST_CASE("pull: an edit of the version from before an obstacle is merged with the remote's") {
    const bool restarted = GENERATE(false, true);
    const bool edited_in_store = GENERATE(false, true);
    INFO("restarted: " << restarted << ", edited in the store: " << edited_in_store);
    Behind at;
    at.put_link();
    at.remote_edits();
    if (restarted) {
        at.reopen();
    }
    if (edited_in_store) {
        at.workspace->store().put({"note", "a", kMine});
        at.workspace->sync();
        at.remove_link();
        at.place.write("note/a.md", kOld);
    } else {
        at.remove_link();
        at.place.write("note/a.md", kMine);
    }
    at.workspace->sync();
    at.workspace->sync();
    at.check_all_have(kBoth);
}

TEST_CASE("pull: with the obstacle gone, what is as it was before takes the remote's version") {
    Behind at;
    at.put_link();
    at.remote_edits();
    at.remove_link();
    at.place.write("note/a.md", kOld);
    at.workspace->sync();
    at.check_all_have(kTheirs);
}

TEST_CASE("pull: with the obstacle gone and nothing in its place, the remote's version comes") {
    Behind at;
    at.put_link();
    at.remote_edits();
    at.remove_link();
    at.workspace->sync();
    at.check_all_have(kTheirs);
}

TEST_CASE("pull: what was a link in git for a while comes as a file again") {
    Behind at;
    at.put_link();
    at.remote_edits();
    const std::string person = at.remote.person();
    std::filesystem::remove(person + "/note/a.md");
    std::filesystem::create_symlink("b.md", person + "/note/a.md");
    person_pushes(at.remote);
    at.workspace->sync();
    at.remove_link();
    at.place.write("note/a.md", kMine);
    at.workspace->sync();
    CHECK(at.place.head() == at.remote.tip("main"));
    CHECK(at.place.read("note/a.md") == kMine);
    std::filesystem::remove(person + "/note/a.md");
    at.remote.push_file("note/a.md", kTheirs);
    at.workspace->sync();
    at.workspace->sync();
    at.check_all_have(kBoth);
}

TEST_CASE("pull: two versions that could not be put here are one edit of the version that was") {
    Behind at;
    at.put_link();
    at.remote_edits();
    at.remote.push_file("note/a.md", "ONE\n\ntwo and a half\n\nthree\n");
    at.workspace->sync();
    at.remove_link();
    at.place.write("note/a.md", kMine);
    at.workspace->sync();
    at.workspace->sync();
    at.check_all_have("ONE\n\ntwo and a half\n\nTHREE\n");
}

TEST_CASE("pull: a deletion that could not be carried out is not undone by what stood in its way") {
    Behind at;
    at.put_link();
    support::run_git(at.remote.person(), {"rm", "-q", "note/a.md"});
    const std::string tip = at.remote.push_file("note/b.md", "b, later\n");
    at.workspace->sync();
    REQUIRE(at.place.head() == tip);
    at.remove_link();
    at.place.write("note/a.md", kOld);
    at.workspace->sync();
    at.workspace->sync();
    CHECK_FALSE(at.place.has("note/a.md"));
    CHECK_FALSE(at.workspace->store().get({"note", "a"}));
    CHECK(tree_paths(at.place) == "note/b.md");
    CHECK(at.place.head() == at.remote.tip("main"));
    CHECK(held_paths(*at.workspace).empty());
    CHECK(drifts(*at.workspace).empty());
}

TEST_CASE("pull: an emptied file does not bring back what the remote has removed or changed") {
    const bool removed = GENERATE(true, false);
    INFO("the remote has removed it: " << removed);
    Behind at;
    at.put_link();
    if (removed) {
        support::run_git(at.remote.person(), {"rm", "-q", "note/a.md"});
        at.tip = at.remote.push_file("note/b.md", "b, later\n");
        at.workspace->sync();
    } else {
        at.remote_edits();
    }
    at.remove_link();
    at.place.write("note/a.md", "");
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.place.head() == at.tip);
    CHECK(at.place.read("note/a.md").empty());
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/a.md"});
}

TEST_CASE("pull: of an edit and a version over the limit neither replaces the other") {
    const bool raised = GENERATE(true, false);
    INFO("the limit is raised: " << raised);
    support::BareRemote remote;
    remote.push_file("note/a.md", kOld);
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    place.options.git.auto_sync = false;
    std::optional<Workspace> workspace(with_remote(place, remote.path()));
    workspace->sync();
    place.write("note/a.md", kMine);
    workspace->directory().import_all();
    const std::string big = "ONE\n" + std::string(2000, 'x') + "\n\ntwo\n\nthree\n";
    const std::string tip = remote.push_file("note/a.md", big);
    workspace->git().pull();
    workspace->git().commit();
    CHECK(place.git({"show", "HEAD:note/a.md"}) + "\n" == big);
    CHECK(place.read("note/a.md") == kMine);
    CHECK(held_paths(*workspace) == std::set<std::string>{"note/a.md"});
    if (raised) {
        place.options.directory.max_import_file_bytes = 10'000;
        workspace.reset();
        workspace.emplace(with_remote(place, remote.path()));
    } else {
        remote.push_file("note/a.md", kTheirs);
    }
    workspace->sync();
    const std::string text = place.read("note/a.md");
    CHECK(text.substr(0, 4) == "ONE\n");
    CHECK(text.find("THREE") != std::string::npos);
    CHECK(held_paths(*workspace).empty());
    CHECK(workspace->store().conflicts().empty());
    CHECK(drifts(*workspace).empty());
}

TEST_CASE("pull: what came to a folder's place and went again is held no more") {
    Behind at;
    at.remote.push_file(".gitignore", "mine.txt\n");
    at.workspace->sync();
    at.place.write("note/x.md/mine.txt", "mine\n");
    at.remote.push_file("note/x.md", "x\n");
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/x.md"});
    support::run_git(at.remote.person(), {"rm", "-q", "note/x.md"});
    at.remote.push_file("note/b.md", "b, later\n");
    at.workspace->sync();
    at.workspace->sync();
    CHECK(held_paths(*at.workspace).empty());
    CHECK(at.place.read("note/x.md/mine.txt") == "mine\n");
    CHECK(at.remote.tip("main") == at.place.head());
    CHECK(drifts(*at.workspace).empty());
}

TEST_CASE("pull: a version of the store's that cannot be exported is not replaced by the remote's") {
    support::BareRemote remote;
    remote.push_file("note/a.md", kOld);
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    const std::string mine = kMine + std::string(2000, 'x') + "\n";
    raw_sql(place.options.store.path, "UPDATE entities SET content = '" + mine + "' WHERE id = 'a'");
    const std::string tip = remote.push_file("note/a.md", kTheirs);
    workspace.sync();
    CHECK(place.head() == tip);
    CHECK(content_of(workspace, "note", "a") == mine);
    workspace.store().put({"note", "a", kMine});
    workspace.sync();
    workspace.sync();
    CHECK(content_of(workspace, "note", "a") == kBoth);
    CHECK(place.read("note/a.md") == kBoth);
    CHECK(remote.tip("main") == place.head());
    CHECK(held_paths(workspace).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: an unfinished edit meets the remote's once it is finished") {
    Behind at;
    const std::string unfinished = "---\ntitle: [\n---\n";
    at.place.write("note/a.md", unfinished + kOld);
    at.workspace->directory().import_all();
    at.remote.push_file("note/a.md", kMine);
    at.workspace->sync();
    at.workspace->sync();
    // Git carries it as it is and merges it as text; the store keeps its last good version.
    CHECK(at.place.read("note/a.md") == unfinished + kMine);
    CHECK(at.remote.tip("main") == at.place.head());
    CHECK(content_of(*at.workspace, "note", "a") == kOld);
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/a.md"});
    CHECK(at.workspace->store().conflicts().empty());
    at.place.write("note/a.md", kMine);
    at.workspace->sync();
    at.workspace->sync();
    at.check_all_have(kMine);
}

TEST_CASE("pull: what the store has instead of git's broken version outlives that one's mending") {
    const bool removed = GENERATE(false, true);
    INFO("it is removed instead: " << removed);
    Behind at;
    at.remote.push_file("note/a.md", "---\ntitle: [\n---\nbroken\n");
    at.workspace->sync();
    CHECK(content_of(*at.workspace, "note", "a") == kOld);
    at.workspace->store().put({"note", "a", kMine});
    if (removed) {
        support::run_git(at.remote.person(), {"rm", "-q", "note/a.md"});
        at.remote.push_file("note/b.md", "b, later\n");
    } else {
        at.remote.push_file("note/a.md", kTheirs);
    }
    at.workspace->sync();
    at.workspace->sync();
    at.check_all_have(removed ? kMine : kBoth);
}

TEST_CASE("pull: an empty file that both sides have stays on both") {
    Behind at;
    at.place.write("note/empty.md", "");
    at.workspace->directory().import_all();
    at.remote.push_file("note/empty.md", "");
    at.workspace->sync();
    at.workspace->store().put({"note", "c", "c\n"});
    at.workspace->sync();
    at.workspace->directory().import_all();
    at.workspace->sync();
    CHECK(at.place.has("note/empty.md"));
    CHECK(tree_paths(at.place) == "note/a.md\nnote/b.md\nnote/c.md\nnote/empty.md");
    CHECK(at.remote.tip("main") == at.place.head());
    CHECK(drifts(*at.workspace).empty());
}

TEST_CASE("pull: a path that is behind delays no commit, and is brought in by itself") {
    Behind at;
    at.put_link();
    at.remote_edits();
    at.workspace.reset();
    automate(at.place, at.remote.path());
    EventLog log;
    at.workspace.emplace(at.place.options);
    const auto subscription = at.workspace->subscribe(log);
    at.workspace->start();
    at.workspace->store().put({"note", "c", "c\n"});
    REQUIRE(log.wait_for([](const Event& event) { return event.kind == EventKind::git_committed; }));
    CHECK(at.place.git({"show", "HEAD:note/c.md"}) == "c");
    CHECK(at.place.git({"show", "HEAD:note/a.md"}) + "\n" == kTheirs);
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/a.md"});
    at.remove_link();
    at.place.write("note/a.md", kMine);
    REQUIRE(wait_until([&] { return content_of(*at.workspace, "note", "a") == kBoth; }));
    REQUIRE(wait_until([&] { return at.remote.tip("main") == at.place.head(); }));
    at.workspace->sync();
    at.check_all_have(kBoth);
}

TEST_CASE("pull: a path that the system refuses is held, the others go on") {
    Behind at;
    const std::string person = at.remote.person();
    std::string deep = "note";  // More than a call takes, though no name is too long.
    for (int i = 0; i < 20; ++i) {
        deep += "/" + std::string(250, 'd');
    }
    deep += "/x.md";
    const std::string blob = support::run_git(person, {"rev-parse", "HEAD:note/b.md"});
    support::write_file(person + "/note/c.md", "c\n");
    support::run_git(person, {"add", "note/c.md"});
    support::run_git(person, {"update-index", "--add", "--cacheinfo", "100644," + blob + "," + deep});
    support::run_git(person, {"commit", "-q", "-m", "deep"});
    support::run_git(person, {"push", "-q", "origin", "main"});
    at.workspace->sync();
    CHECK(at.place.head() == at.remote.tip("main"));
    CHECK(content_of(*at.workspace, "note", "c") == "c\n");
    CHECK(held_paths(*at.workspace) == std::set<std::string>{deep});
    CHECK(at.workspace->store().conflicts().empty());
    at.workspace->store().put({"note", "c", "c, later\n"});
    at.workspace->sync();
    CHECK(at.remote.tip("main") == at.place.head());
    CHECK(tree_paths(at.place) == "note/a.md\nnote/b.md\nnote/c.md\n" + deep);
    CHECK(drifts(*at.workspace).empty());
}

}  // namespace fluentsync::flow
