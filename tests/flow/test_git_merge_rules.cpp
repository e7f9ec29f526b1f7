// How a person's attributes of git want texts merged.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// Both sides have put another line at the end of note/a.md since they were in step.
struct BothEdited {
    explicit BothEdited(const std::string& rule) {
        remote.push_file("note/a.md", "one\n\ntwo\n");
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
        place.write(".git/info/attributes", "*.md " + rule + "\n");
        remote.push_file("note/a.md", "one\n\ntwo\ntheirs\n");
        workspace->store().put({"note", "a", "one\n\ntwo\nours\n"});
    }
    void pull(bool committed) {
        if (committed) workspace->git().commit();
        workspace->git().pull();
        workspace->sync();
    }
    std::string content() { return content_of(*workspace, "note", "a"); }
    bool kept(const std::string& text) {
        const auto conflicts = workspace->store().conflicts();
        return conflicts.size() == 1 &&
               (conflicts[0].winner_content == text || conflicts[0].loser_content == text);
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
};

}  // namespace

TEST_CASE("merge rules: union keeps the lines of both sides") {
    const bool committed = GENERATE(true, false);
    INFO("in a merge of two commits: " << committed);
    BothEdited at("merge=union");
    at.pull(committed);
    CHECK(at.content().find("ours\n") != std::string::npos);
    CHECK(at.content().find("theirs\n") != std::string::npos);
    CHECK(at.workspace->store().conflicts().empty());
    CHECK(at.remote.tip("main") == at.place.head());
}

TEST_CASE("merge rules: what git does not merge by lines is a conflict that keeps both") {
    const bool committed = GENERATE(true, false);
    const std::string rule = GENERATE("-merge", "merge=binary", "merge=own");
    INFO(rule << ", in a merge of two commits: " << committed);
    BothEdited at(rule);
    at.place.git({"config", "merge.own.driver", "some-program %A"});
    at.remote.push_file("note/a.md", "theirs\n\none\n\ntwo\n");  // By lines it would merge.
    at.pull(committed);
    CHECK(at.kept("theirs\n\none\n\ntwo\n"));
    CHECK(at.kept("one\n\ntwo\nours\n"));
    CHECK(at.remote.tip("main") == at.place.head());
}

TEST_CASE("merge rules: where the own version is to stay it does, and the other is in the history") {
    const bool committed = GENERATE(true, false);
    INFO("in a merge of two commits: " << committed);
    BothEdited at("merge=ours");
    at.place.git({"config", "merge.ours.driver", "true"});
    const std::string theirs = at.remote.tip("main");
    at.pull(committed);
    CHECK(at.content() == "one\n\ntwo\nours\n");
    CHECK(at.workspace->store().conflicts().empty());
    CHECK(at.place.git({"merge-base", theirs, "HEAD"}) == theirs);
    CHECK(at.remote.tip("main") == at.place.head());
}

TEST_CASE("merge rules: store and file are merged by the same rules") {
    const bool merged = GENERATE(true, false);
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n\ntwo\n"});
    workspace.git().commit();
    place.write(".gitattributes", merged ? "*.txt -merge\n" : "*.md -merge\n");
    place.write("note/a.md", "file\n\none\n\ntwo\n");
    workspace.store().put({"note", "a", "one\n\ntwo\nstore\n"});
    workspace.directory().import_all();
    const auto conflicts = workspace.store().conflicts();
    if (merged) {
        CHECK(conflicts.empty());
        CHECK(content_of(workspace, "note", "a") == "file\n\none\n\ntwo\nstore\n");
        return;
    }
    REQUIRE(conflicts.size() == 1);
    CHECK(std::set<std::string>{conflicts[0].winner_content, conflicts[0].loser_content} ==
          std::set<std::string>{"file\n\none\n\ntwo\n", "one\n\ntwo\nstore\n"});
}

}  // namespace fluentsync::flow
