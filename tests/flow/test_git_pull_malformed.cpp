// Tips of the remote whose trees cannot be walked through.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

std::string in_remote(const support::BareRemote& remote, std::vector<std::string> arguments) {
    return support::run_git(remote.path(), std::move(arguments));
}

std::string bytes_of(const std::string& hex) {
    std::string raw;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        raw += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return raw;
}

std::string entry(const support::BareRemote& remote, const std::string& name, const std::string& text) {
    write_file(remote.below("blob"), text);
    const std::string hex = in_remote(remote, {"hash-object", "-w", remote.below("blob")}).substr(0, 40);
    return "100644 " + name + std::string(1, '\0') + bytes_of(hex);
}

std::string commit_of(const support::BareRemote& remote, const std::string& raw_tree) {
    write_file(remote.below("tree"), raw_tree);
    const std::string tree =
        in_remote(remote, {"hash-object", "-w", "-t", "tree", "--literally", remote.below("tree")});
    return in_remote(remote, {"-c", "user.name=P", "-c", "user.email=p@e.org", "commit-tree", "-p", "main",
                              "-m", "malformed", tree.substr(0, 40)})
        .substr(0, 40);
}

/// More than a thousand folders deep.
std::string deep_commit(const support::BareRemote& remote) {
    std::string path;
    for (int i = 0; i < 1010; ++i) {
        path += "a/";
    }
    write_file(remote.below("stream"),
               "commit refs/heads/deep\ncommitter P <p@e.org> 1700000000 +0000\n"
               "data 4\ndeep\nfrom refs/heads/main^0\nM 100644 inline " +
                   path + "f\ndata 2\nx\n\n");
    const std::string command =
        "git --git-dir='" + remote.path() + "' fast-import --quiet < '" + remote.below("stream") + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    return remote.tip("deep");
}

/// 14 trees within each other, each of which holds the next ten times, under long names.
std::string folded_commit(const support::BareRemote& remote) {
    std::string raw = entry(remote, "f", "x\n");
    std::string tree;
    for (int depth = 0; depth < 14; ++depth) {
        write_file(remote.below("tree"), raw);
        tree = in_remote(remote, {"hash-object", "-w", "-t", "tree", remote.below("tree")}).substr(0, 40);
        raw.clear();
        for (char name = 'a'; name < 'k'; ++name) {
            raw += "40000 " + std::string(4000, name) + std::string(1, '\0') + bytes_of(tree);
        }
    }
    return in_remote(remote, {"-c", "user.name=P", "-c", "user.email=p@e.org", "commit-tree", "-p", "main",
                              "-m", "folded", tree})
        .substr(0, 40);
}

std::string malformed_commit(const support::BareRemote& remote, const std::string& kind) {
    if (kind == "names twice") {
        return commit_of(remote, entry(remote, "a.txt", "one\n") + entry(remote, "a.txt", "two\n"));
    }
    if (kind == "a name with a slash") {
        return commit_of(remote, entry(remote, "note/b.md", "b\n"));
    }
    return kind == "more paths than fit the memory" ? folded_commit(remote) : deep_commit(remote);
}

}  // namespace

TEST_CASE("pull: a tip whose tree cannot be walked through is refused, and stops nothing else") {
    const std::string kind = GENERATE("names twice", "a name with a slash", "a thousand folders",
                                      "more paths than fit the memory");
    INFO(kind);
    support::BareRemote remote;
    const std::string sound = remote.push_file("note/a.md", "a\n");
    Place place;
    std::optional<Workspace> workspace(std::in_place, with_remote(place, remote.path()));
    workspace->sync();
    in_remote(remote, {"update-ref", "refs/heads/main", malformed_commit(remote, kind)});
    CHECK_THROWS_AS(workspace->git().pull(), Error);  // Nothing to merge: HEAD would go there.
    for (const bool reopened : {false, true}) {
        INFO("reopened: " << reopened);
        if (reopened) {
            workspace.reset();
            workspace.emplace(with_remote(place, remote.path()));
        }
        workspace->store().put({"note", reopened ? "c" : "b", "local\n"});
        CHECK_FALSE(workspace->git().commit().commit.empty());
        CHECK_THROWS_AS(workspace->sync(), Error);
    }
    in_remote(remote, {"update-ref", "refs/heads/main", sound});
    remote.push_file("note/mended.md", "mended\n");
    workspace->sync();
    CHECK(content_of(*workspace, "note", "mended") == "mended\n");
    CHECK(remote.tip("main") == place.head());
    CHECK(tree_paths(place, "origin/main") == "note/a.md\nnote/b.md\nnote/c.md\nnote/mended.md");
    CHECK(drifts(*workspace).empty());
}

}  // namespace fluentsync::flow
