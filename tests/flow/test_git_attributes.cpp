// What git's attributes and configuration ask for between a file and its blob, and only git itself can do:
// such a path is in step between store and folder, and held towards git, both ways. Line ends have
// test_git_line_ends.cpp.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

constexpr const char* kRot13 = "tr a-zA-Z n-za-mN-ZA-M";

/// A machine whose git knows the filter "crypt", and the repository's person, who knows it too.
class Crypt {
  public:
    Crypt() {
        configure(remote.person());
        remote.push_file("note/old.md", "known before\n");
    }

    static void configure(const std::string& folder) {
        for (const std::string what : {"clean", "smudge"})
            support::run_git(folder, {"config", "filter.crypt." + what, kRot13});
        support::run_git(folder, {"config", "filter.crypt.required", "true"});
    }

    void open() {
        support::run_program({"git", "init", "-q", "-b", "main", place.root()});
        configure(place.root());
        workspace.emplace(with_remote(place, remote.path()));
    }
    std::string remote_has(const std::string& path) const {
        return support::run_git(remote.path(), {"show", "main:" + path});
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
};

std::string reason_of(const Workspace& workspace, const std::string& path) {
    for (const Held& held : workspace.status().directory.held) {
        if (held.path == path) return held.reason;
    }
    return "(not held)";
}

const std::set<std::string> kNothing;

}  // namespace

TEST_CASE("attributes: what a filter converts is never committed as it is, and told") {
    Crypt at;
    at.open();
    at.place.write(".gitattributes", "*.key filter=crypt\nnote/s*.md filter=crypt\n");
    at.place.write("my.key", "private material\n");
    at.place.write("plain.txt", "plain\n");
    at.workspace->store().put({"note", "secret", "hunter\n"});
    at.workspace->store().put({"note", "open", "open\n"});
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"my.key", "note/secret.md"});
    CHECK(reason_of(*at.workspace, "my.key").find("filter=crypt") != std::string::npos);
    CHECK(tree_paths(at.place) == ".gitattributes\nnote/old.md\nnote/open.md\nplain.txt");
    CHECK(at.place.read("note/secret.md") == "hunter\n");
    CHECK(at.workspace->status().git->uncommitted == 0);
    CHECK(drifts(*at.workspace).empty());

    // A person's git carries it, and it stays out of our way.
    at.place.git({"add", "my.key", "note/secret.md"});
    at.place.git({"commit", "-q", "-m", "by hand"});
    at.place.write("my.key", "another\n");
    at.workspace->sync();
    CHECK(at.remote_has("my.key") == "cevingr zngrevny");
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"my.key", "note/secret.md"});
    CHECK(at.place.git({"diff", "--name-only"}) == "my.key");
}

TEST_CASE("attributes: git's form of a file never comes in as its content") {
    Crypt at;
    support::write_file(at.remote.person() + "/.gitattributes", "note/s*.md filter=crypt\n");
    support::write_file(at.remote.person() + "/note/secret.md", "one\n");
    person_pushes(at.remote);
    at.open();
    at.workspace->sync();
    CHECK_FALSE(at.place.has("note/secret.md"));
    CHECK(content_of(*at.workspace, "note", "old") == "known before\n");
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/secret.md"});

    at.place.git({"checkout", "--", "note/secret.md"});
    at.workspace->sync();
    CHECK(content_of(*at.workspace, "note", "secret") == "one\n");
    support::write_file(at.remote.person() + "/note/secret.md", "two\n");
    const std::string tip = person_pushes(at.remote);
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.place.head() == tip);
    CHECK(at.remote.tip("main") == tip);
    CHECK(at.place.read("note/secret.md") == "one\n");
    CHECK(content_of(*at.workspace, "note", "secret") == "one\n");
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/secret.md"});
}

TEST_CASE("attributes: a pull that brings the filter brings nothing through it") {
    Crypt at;
    at.remote.push_file("note/was-open.md", "open\n");
    at.open();
    at.workspace->sync();
    support::write_file(at.remote.person() + "/.gitattributes", "note/[nw]*.md filter=crypt\n");
    support::write_file(at.remote.person() + "/note/new.md", "new\n");
    support::write_file(at.remote.person() + "/note/was-open.md", "changed\n");
    const std::string tip = person_pushes(at.remote);
    at.workspace->sync();
    CHECK_FALSE(at.place.has("note/new.md"));
    CHECK(at.place.read("note/was-open.md") == "open\n");
    CHECK(at.place.read(".gitattributes") == "note/[nw]*.md filter=crypt\n");
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/new.md", "note/was-open.md"});
    at.workspace->store().put({"note", "was-open", "edited here\n"});
    at.workspace->sync();
    CHECK(at.place.head() == tip);
    CHECK(at.remote.tip("main") == tip);
}

TEST_CASE("attributes: when the attribute goes, both sides meet and nothing is lost") {
    Crypt at;
    at.remote.push_file("note/a.md", "open\n");
    at.open();
    at.workspace->sync();
    at.place.write(".gitattributes", "note/*.md filter=crypt\n");
    at.place.write("note/a.md", "mine\n");
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/a.md"});
    CHECK(at.remote_has("note/a.md") == "open");
    at.place.write(".gitattributes", "# none\n");
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == kNothing);
    CHECK(at.remote_has("note/a.md") == "mine");
    CHECK(drifts(*at.workspace).empty());
}

TEST_CASE("attributes: a version that waited for the attribute to go meets what is here") {
    Crypt at;
    at.remote.push_file("note/a.md", "1\n\n2\n\n3\n");
    at.open();
    at.workspace->sync();
    at.place.write(".gitattributes", "note/*.md filter=crypt\n");
    at.workspace->sync();
    const std::string other = at.remote.below("other");  // A machine that knows no filter.
    support::must_run({"git", "clone", "-q", at.remote.path(), other});
    support::commit_file(other, "note/a.md", "1\n\n2\n\nTHREE\n");
    support::run_git(other, {"push", "-q", "origin", "main"});
    at.workspace->sync();
    REQUIRE(at.place.read("note/a.md") == "1\n\n2\n\n3\n");
    at.place.write("note/a.md", "ONE\n\n2\n\n3\n");
    at.place.write(".gitattributes", "\n");
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.place.read("note/a.md") == "ONE\n\n2\n\nTHREE\n");
    CHECK(at.remote_has("note/a.md") == "ONE\n\n2\n\nTHREE");
    CHECK(held_paths(*at.workspace) == kNothing);
    CHECK(at.workspace->store().conflicts().empty());
}

TEST_CASE("attributes: whatever a person says by it, wherever it is said") {
    const std::string rules =
        GENERATE(as<std::string>{}, "*.md filter=crypt", "*.md working-tree-encoding=UTF-16",
                 "[attr]hidden filter=crypt\n*.md hidden", "*.md ident");
    const std::string where = GENERATE(as<std::string>{}, ".gitattributes", "note/.gitattributes",
                                       ".git/info/attributes", "elsewhere");
    const bool macro = rules.front() == '[';
    if (macro && where == "note/.gitattributes") return;  // Git takes macros from the root alone.
    INFO(rules << " in " << where);
    Crypt at;
    at.open();
    if (where == "elsewhere") {
        at.place.git({"config", "core.attributesFile", at.place.base.path() + "/attributes"});
        support::write_file(at.place.base.path() + "/attributes", rules + "\n");
    } else {
        at.place.write(where, rules + "\n");
    }
    at.workspace->store().put({"note", "a", "secret $Id$\n"});
    at.workspace->sync();
    CHECK(held_paths(*at.workspace).count("note/a.md") == 1);
    CHECK(tree_paths(at.place).find("note/a.md") == std::string::npos);
    CHECK(at.place.read("note/a.md") == "secret $Id$\n");
}

TEST_CASE("attributes: a filter that git does not know here converts nothing") {
    Crypt at;
    at.open();
    at.place.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n* -filter\n*.md ident\n");
    at.place.write("a.bin", "version https://git-lfs.github.com/spec/v1\n");
    at.place.write("note/a.md", "no keyword\n");
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == kNothing);
    CHECK(at.remote_has("a.bin") == "version https://git-lfs.github.com/spec/v1");
    CHECK(git_status(at.place).empty());
}

TEST_CASE("attributes: a deletion has no bytes to convert") {
    Crypt at;
    at.open();
    at.place.write(".gitattributes", "note/a.md filter=crypt\n");
    at.place.write("note/a.md", "secret\n");
    at.workspace->sync();
    at.place.git({"add", "note/a.md"});
    at.place.git({"commit", "-q", "-m", "by hand"});
    at.workspace->sync();
    at.place.remove("note/a.md");
    at.workspace->sync();
    at.workspace->sync();
    CHECK(tree_paths(at.place).find("note/a.md") == std::string::npos);
    CHECK(held_paths(*at.workspace) == kNothing);
}

TEST_CASE("attributes: files of attributes that are none do not stop anything") {
    Crypt at;
    at.open();
    at.workspace->sync();
    std::filesystem::create_directories(at.place.file("fifo"));
    std::filesystem::create_directories(at.place.file("link"));
    REQUIRE(::mkfifo(at.place.file("fifo/.gitattributes").c_str(), 0600) == 0);
    std::filesystem::create_symlink("/dev/zero", at.place.file("link/.gitattributes"));
    at.place.write("large/.gitattributes", "# " + std::string(2'000'000, 'x') + "\n");
    for (const char* const folder : {"fifo", "link", "large"})
        at.place.write(std::string(folder) + "/a.txt", "text\n");
    at.workspace->sync();
    const std::string tree = tree_paths(at.place);
    CHECK(tree.find("fifo/a.txt") != std::string::npos);
    CHECK(tree.find("link/a.txt") != std::string::npos);
    CHECK(held_paths(*at.workspace).count("large/a.txt") == 1);
}

}  // namespace fluentsync::flow
