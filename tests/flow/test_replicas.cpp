// Several machines, one remote: they meet, settle alike, and stop.
#include <catch2/catch.hpp>
#include <memory>

#include "git_steps.hpp"
#include "served_remote.hpp"

namespace fluentsync::flow {

namespace {

/// A machine with its workspace, synchronised by hand.
struct Machine {
    explicit Machine(const std::string& remote) {
        place.options.git.remote = remote;
        workspace = std::make_unique<Workspace>(place.options);
    }
    void put(const std::string& id, const std::string& content) const {
        workspace->store().put({"note", id, content});
    }
    std::string tree() const { return place.git({"rev-parse", "HEAD^{tree}"}); }

    Place place;
    std::unique_ptr<Workspace> workspace;
};

/// Turns until nobody's HEAD moves any more; false: they never stop.
bool settle(const std::vector<const Machine*>& machines) {
    std::string before;
    for (int round = 0; round < 8; ++round) {
        std::string heads;
        for (const Machine* machine : machines) {
            machine->workspace->sync();
            heads += machine->place.head() + "\n";
        }
        if (heads == before) return true;
        before = heads;
    }
    return false;
}

void check_same(const std::vector<const Machine*>& machines) {
    for (const Machine* machine : machines) {
        CHECK(machine->place.head() == machines.front()->place.head());
        CHECK(machine->tree() == machines.front()->tree());
        CHECK(drifts(*machine->workspace).empty());
        CHECK(git_status(machine->place).empty());
    }
}

}  // namespace

TEST_CASE("replicas: over every transport, edits on both sides end in one tree") {
    for (const char* transport : {"path", "git", "http"}) {
        if (!support::ServedRemote::available(transport)) {
            WARN("skipped: " << transport);
            continue;
        }
        INFO(transport);
        support::BareRemote remote;
        const support::ServedRemote served(remote, transport);
        const Machine a(served.url());
        const Machine b(served.url());
        a.put("shared", "1\n2\n3\n4\n5\n");
        a.workspace->sync();
        b.workspace->sync();
        a.put("shared", "ONE\n2\n3\n4\n5\n");
        a.put("from-a", "a\n");
        b.put("shared", "1\n2\n3\n4\nFIVE\n");
        b.place.write("picture.bin", std::string("\0\1", 2));
        REQUIRE(settle({&a, &b}));
        check_same({&a, &b});
        CHECK(content_of(*a.workspace, "note", "shared") == "ONE\n2\n3\n4\nFIVE\n");
        CHECK(content_of(*b.workspace, "note", "from-a") == "a\n");
        CHECK(a.place.read("picture.bin") == std::string("\0\1", 2));
        CHECK(remote.tip("main") == a.place.head());
    }
}

TEST_CASE("replicas: the same conflict settled twice ends in one tree, and they stop [trap-06]") {
    support::BareRemote remote;
    const Machine a(remote.path());
    const Machine b(remote.path());
    a.put("both", "one\n");
    a.put("gone", "one\n");
    a.workspace->sync();
    b.workspace->sync();
    for (const char* round : {"first", "second", "third"}) {
        a.put("both", std::string("a's ") + round + "\n");
        b.put("both", std::string("b's ") + round + "\n");
        a.workspace->git().commit();
        b.workspace->git().commit();
        REQUIRE(settle({&a, &b}));
        check_same({&a, &b});
        const std::string winner = content_of(*a.workspace, "note", "both");
        CHECK((winner == std::string("a's ") + round + "\n" || winner == std::string("b's ") + round + "\n"));
        CHECK(content_of(*b.workspace, "note", "both") == winner);
    }
    // Where the conflict was settled, its loser is kept.
    CHECK(a.workspace->store().conflicts().size() + b.workspace->store().conflicts().size() >= 3);
    CHECK(b.place.git({"log", "--format=%H", "-1"}) == remote.tip("main"));
}

TEST_CASE("replicas: both merge the same two commits apart and still meet in one tree [trap-06]") {
    support::BareRemote first;
    support::BareRemote second;
    const Machine a(first.path());
    const Machine b(second.path());
    a.put("both", "base\n");
    a.put("lines", "1\n2\n3\n4\n5\n");
    a.workspace->sync();
    support::run_git(first.path(), {"push", "-q", second.path(), "main"});
    b.workspace->sync();
    a.put("both", "a\n");
    a.put("lines", "A\n2\n3\n4\n5\n");
    b.put("both", "b\n");
    b.put("lines", "1\n2\n3\n4\nB\n");
    a.workspace->sync();
    b.workspace->sync();
    // Each remote gets the other's commit before either machine has seen it: both must merge.
    const std::string of_a = first.tip("main");
    const std::string of_b = second.tip("main");
    support::run_git(first.path(), {"fetch", "-q", second.path(), "main:theirs"});
    support::run_git(second.path(), {"fetch", "-q", first.path(), "main:theirs"});
    support::run_git(first.path(), {"update-ref", "refs/heads/main", of_b});
    support::run_git(second.path(), {"update-ref", "refs/heads/main", of_a});
    a.workspace->sync();
    b.workspace->sync();
    CHECK(a.place.head() != b.place.head());
    CHECK(a.tree() == b.tree());
    CHECK(content_of(*a.workspace, "note", "lines") == "A\n2\n3\n4\nB\n");
    CHECK(content_of(*a.workspace, "note", "both") == content_of(*b.workspace, "note", "both"));
    CHECK(a.workspace->store().conflicts().size() == 1);
    CHECK(b.workspace->store().conflicts().size() == 1);
}

TEST_CASE("replicas: three machines that start apart, with nothing in common, meet [trap-11]") {
    support::BareRemote remote;
    const Machine a(remote.path());
    const Machine b(remote.path());
    const Machine c(remote.path());
    for (const Machine* machine : {&a, &b, &c}) {
        const std::string name = machine == &a ? "a" : machine == &b ? "b" : "c";
        machine->put("own-" + name, name + "\n");
        machine->put("same", "same\n");
        machine->put("differs", "of " + name + "\n");
    }
    REQUIRE(settle({&a, &b, &c}));
    check_same({&a, &b, &c});
    CHECK(a.workspace->store().count() == 5);
    std::set<std::string> kept;
    for (const Machine* machine : {&a, &b, &c}) {
        for (const Conflict& conflict : machine->workspace->store().conflicts()) {
            kept.insert(conflict.winner_content);
            kept.insert(conflict.loser_content);
        }
    }
    CHECK(kept == std::set<std::string>{"of a\n", "of b\n", "of c\n"});
}

TEST_CASE("replicas: what one deleted does not come back from another [trap-10]") {
    support::BareRemote remote;
    const Machine a(remote.path());
    const Machine b(remote.path());
    for (int i = 0; i < 20; ++i) {
        a.put(std::to_string(i), "text\n");
    }
    REQUIRE(settle({&a, &b}));
    for (int i = 0; i < 15; ++i) {
        a.workspace->store().remove({"note", std::to_string(i)});
    }
    b.put("19", "edited meanwhile\n");
    REQUIRE(settle({&a, &b}));
    check_same({&a, &b});
    CHECK(b.workspace->store().count() == 5);
    CHECK_FALSE(b.place.has("note/3.md"));
    CHECK(content_of(*a.workspace, "note", "19") == "edited meanwhile\n");
}

}  // namespace fluentsync::flow
