// Notes whose front matter both sides edited.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "pair.hpp"

namespace fluentsync::flow {

namespace {

const std::string kBase = "---\nstatus: draft\nupdated: 2024-01-01\n---\none\n\ntwo\n";
const std::string kOurs = "---\nstatus: done\nupdated: 2024-01-02\n---\nONE\n\ntwo\n";
const std::string kTheirs = "---\nstatus: open\nupdated: 2024-01-03\n---\none\n\nTWO\n";

std::string with_status(const std::string& status) {
    return "---\nstatus: " + status + "\nupdated: 2024-01-03\n---\nONE\n\nTWO\n";
}

/// What is in place, and the one record of the status.
void check_record(EntityStore& store) {
    const std::string content = store.get({"note", "a"})->content;
    const bool done = content == with_status("done");
    REQUIRE(content == with_status(done ? "done" : "open"));
    const auto conflicts = store.conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].key == "status");
    CHECK(conflicts[0].winner_content == content);
    CHECK(conflicts[0].loser_content == with_status(done ? "open" : "done"));
    CHECK(conflicts[0].winner_side != conflicts[0].loser_side);
}

}  // namespace

TEST_CASE("key conflicts: store and file merge by key, and what is left is a record of that key") {
    Pair pair;
    pair.put("a", kBase);
    pair.directory().flush();
    pair.put("a", kOurs);
    pair.write("note/a.md", kTheirs);
    pair.directory().flush();
    check_record(pair.store());
    CHECK(pair.read("note/a.md") == pair.content("a"));
    const auto record = pair.store().conflicts()[0];
    pair.put("a", *pair.content("a") + "\nmore\n");
    pair.store().resolve_conflict(record.number, ConflictChoice::loser);
    CHECK(pair.content("a") == record.loser_content + "\nmore\n");
    CHECK(pair.store().conflicts().empty());
}

TEST_CASE("key conflicts: a value edited since is nobody's to replace") {
    Pair pair;
    pair.put("a", kBase);
    pair.directory().flush();
    pair.put("a", kOurs);
    pair.write("note/a.md", kTheirs);
    pair.directory().flush();
    const auto record = pair.store().conflicts()[0];
    pair.put("a", with_status("third"));
    CHECK_THROWS_AS(pair.store().resolve_conflict(record.number, ConflictChoice::loser), Error);
    CHECK(pair.content("a") == with_status("third"));
}

TEST_CASE("key conflicts: a pull merges by key, committed or not") {
    const bool committed = GENERATE(true, false);
    INFO("in a merge of two commits: " << committed);
    support::BareRemote remote;
    Place place;
    remote.push_file("note/a.md", kBase);
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    remote.push_file("note/a.md", kTheirs);
    workspace.store().put({"note", "a", kOurs});
    if (committed) workspace.git().commit();
    workspace.git().pull();
    workspace.sync();
    check_record(workspace.store());
    CHECK(remote.tip("main") == place.head());
    CHECK(workspace.verify().clean());
}

TEST_CASE("key conflicts: a type's rules count") {
    Pair pair;
    pair.options.merge["note"].conflict = {"updated"};
    pair.options.merge["*"].max = {"status"};
    pair.put("a", kBase);
    pair.directory().flush();
    pair.put("a", kOurs);
    pair.write("note/a.md", kTheirs);
    pair.directory().flush();
    CHECK(pair.store().conflicts().size() == 2);
}

}  // namespace fluentsync::flow
