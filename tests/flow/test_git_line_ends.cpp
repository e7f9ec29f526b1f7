// Line ends that git's attributes and configuration ask for: folder and store have the file's, git its own,
// and git itself finds nothing to do beside us.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

struct Setting {
    std::string attributes;    ///< The whole repository's.
    std::string autocrlf;      ///< Of the one machine.
    std::string end = "\r\n";  ///< What git gives text files there.
};

/// A machine with a setting of its own for line ends, and a remote whose person has none.
class Machine {
  public:
    explicit Machine(Setting chosen) : setting(std::move(chosen)) {
        if (!setting.attributes.empty()) remote.push_file(".gitattributes", setting.attributes + "\n");
    }

    /// As `git clone` leaves it.
    void clone_and_open() {
        support::must_run({"git", "clone", "-q", "-c", autocrlf(), remote.path(), place.root()});
        open();
    }
    void open() { workspace.emplace(with_remote(place, remote.path())); }
    void sync() {
        workspace->sync();
        CHECK(git_status(place) == "");
        CHECK(held_paths(*workspace) == std::set<std::string>());
        CHECK(drifts(*workspace) == "");
        CHECK(workspace->status().git->uncommitted == 0);
    }
    /// "1: one", "2: two" and so on, as files have it there.
    std::string lines(const std::vector<std::string>& words) const { return lines_with(words, setting.end); }
    static std::string lines_with(const std::vector<std::string>& words, const std::string& end) {
        std::string text;
        for (const std::string& word : words)
            text += word + end;
        return text;
    }
    /// Lines added and removed by the remote's last commit, and its files.
    std::string last_change() const {
        return support::run_git(remote.path(), {"show", "--format=", "--numstat", "main"});
    }
    std::string remote_has(const std::string& path) const {
        return support::run_program({"git", "-C", remote.path(), "show", "main:" + path}).output;
    }
    /// What git itself would put there.
    std::string as_git_checks_out(const std::string& path) {
        const std::string clone = remote.below("clone" + std::to_string(++clones_));
        support::must_run({"git", "clone", "-q", "-c", autocrlf(), remote.path(), clone});
        return read_file(clone + "/" + path);
    }

    const Setting setting;
    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;

  private:
    std::string autocrlf() const {
        return "core.autocrlf=" + (setting.autocrlf.empty() ? "false" : setting.autocrlf);
    }

    int clones_ = 0;
};

Setting any_setting() {
    return GENERATE(Setting{"", "true"}, Setting{"* text=auto eol=crlf", ""},
                    Setting{"*.md text eol=crlf", ""}, Setting{"* text=auto", "true"},
                    Setting{"", "input", "\n"}, Setting{"* text eol=lf", "true", "\n"},
                    Setting{"*.md -text", "true", "\n"});
}

}  // namespace

TEST_CASE("line ends: a clone is in step, and what is edited on either side changes no other line") {
    Machine at(any_setting());
    INFO(at.setting.attributes << ", autocrlf " << at.setting.autocrlf);
    at.remote.push_file("note/a.md", "1\n\n2\n\n3\n");
    at.remote.push_file("image.bin", std::string("\0\n\r\n", 4));
    const std::string tip = at.remote.push_file("note/blank.md", "\n");
    at.clone_and_open();
    at.sync();
    at.sync();
    CHECK(at.remote.tip("main") == tip);
    CHECK(content_of(*at.workspace, "note", "a") == at.lines({"1", "", "2", "", "3"}));
    CHECK(content_of(*at.workspace, "note", "blank") == at.setting.end);

    at.place.write("note/a.md", at.lines({"ONE", "", "2", "", "3"}));
    at.sync();
    CHECK(at.last_change() == "1\t1\tnote/a.md");
    at.workspace->store().put({"note", "new", at.lines({"new"})});
    at.sync();
    CHECK(at.remote_has("note/new.md") == "new\n");

    support::run_git(at.remote.person(), {"pull", "-q", "origin", "main"});
    at.remote.push_file("note/a.md", "ONE\n\n2\n\nTHREE\n");
    const std::string theirs = at.remote.push_file("note/b.md", "b\n");
    at.sync();
    at.sync();
    CHECK(at.remote.tip("main") == theirs);
    for (const char* const path : {"note/a.md", "note/b.md", "note/blank.md", "image.bin"})
        CHECK(at.place.read(path) == at.as_git_checks_out(path));
    CHECK(content_of(*at.workspace, "note", "b") == at.lines({"b"}));

    // Both at once.
    at.remote.push_file("note/a.md", "ONE\n\nTWO\n\nTHREE\n");
    at.place.write("note/a.md", at.lines({"one", "", "2", "", "THREE"}));
    at.sync();
    CHECK(at.place.read("note/a.md") == at.lines({"one", "", "TWO", "", "THREE"}));
    CHECK(at.remote_has("note/a.md") == "one\n\nTWO\n\nTHREE\n");
    CHECK(at.workspace->store().conflicts().empty());

    at.place.remove("note/b.md");
    at.sync();
    at.sync();
    CHECK(tree_paths(at.place).find("note/b.md") == std::string::npos);
}

TEST_CASE("line ends: whatever is in a file, git takes it as we do and finds nothing to do") {
    Machine at(any_setting());
    INFO(at.setting.attributes << ", autocrlf " << at.setting.autocrlf);
    at.clone_and_open();
    const std::vector<std::string> contents{
        "lf\n", "crlf\r\n", "mixed\r\n\n", "lone\rcr\r\n", std::string("nul\0\r\n", 6), "no end", "cr\r\r\n"};
    for (std::size_t i = 0; i < contents.size(); ++i) {
        at.place.write("file" + std::to_string(i), contents[i]);
        at.place.write("note/n" + std::to_string(i) + ".md", contents[i]);
    }
    at.workspace->sync();
    at.workspace->sync();
    CHECK(git_status(at.place) == "");
    CHECK(drifts(*at.workspace) == "");
    at.place.git({"add", "--renormalize", "."});  // All of it, whatever the stats say.
    CHECK(git_status(at.place) == "");
    for (std::size_t i = 0; i < contents.size(); ++i)
        CHECK(at.place.read("note/n" + std::to_string(i) + ".md") == contents[i]);
}

TEST_CASE("line ends: CRLF that HEAD has stays where git only guesses") {
    const bool by_attribute = GENERATE(true, false);
    Machine at(by_attribute ? Setting{"", ""} : Setting{"", "true"});
    at.remote.push_file("note/a.md", "1\r\n2\r\n3\r\n");
    at.remote.push_file("note/mixed.md", "1\r\n2\n");
    if (by_attribute) at.remote.push_file(".gitattributes", "* text=auto eol=crlf\n");
    const std::string tip = at.remote.tip("main");
    at.clone_and_open();
    at.sync();
    CHECK(at.remote.tip("main") == tip);
    at.place.write("note/a.md", "1\r\nTWO\r\n3\r\n");
    at.sync();
    CHECK(at.last_change() == "1\t1\tnote/a.md");
    support::run_git(at.remote.person(), {"pull", "-q", "origin", "main"});
    at.remote.push_file("note/a.md", "1\r\nTWO\r\nTHREE\r\n");
    at.remote.push_file("note/new.md", "with\r\n");
    at.sync();
    CHECK(at.place.read("note/a.md") == "1\r\nTWO\r\nTHREE\r\n");
    CHECK(at.place.read("note/new.md") == "with\r\n");
    at.place.write("note/mixed.md", "1\r\n2\nthree\r\n");
    at.sync();
    CHECK(at.last_change() == "1\t0\tnote/mixed.md");
}

TEST_CASE("line ends: what git would convert stays as HEAD has it until somebody edits it") {
    Machine at({"", ""});
    at.remote.push_file("note/crlf.md", "1\r\n2\r\n");
    at.remote.push_file("note/mixed.md", "1\r\n2\n");
    support::write_file(at.remote.person() + "/.gitattributes", "*.md text eol=crlf\n");
    support::run_git(at.remote.person(), {"add", ".gitattributes"});  // All would make LF of the others.
    support::run_git(at.remote.person(), {"commit", "-q", "-m", "attributes"});
    support::run_git(at.remote.person(), {"push", "-q", "origin", "main"});
    const std::string tip = at.remote.tip("main");
    if (GENERATE(true, false)) {
        at.clone_and_open();
    } else {
        at.open();
    }
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.remote.tip("main") == tip);
    CHECK(at.place.read("note/crlf.md") == "1\r\n2\r\n");
    CHECK(at.place.read("note/mixed.md") == "1\r\n2\r\n");
    CHECK(drifts(*at.workspace) == "");
    at.place.write("note/mixed.md", "1\r\n2\r\n3\r\n");
    at.workspace->sync();
    CHECK(at.remote_has("note/mixed.md") == "1\n2\n3\n");
    CHECK(drifts(*at.workspace) == "");
}

TEST_CASE("line ends: other attributes rewrite nothing that is there") {
    Machine at({"", ""});
    at.remote.push_file("note/a.md", "1\n2\n");
    at.remote.push_file("note/crlf.md", "1\r\n2\r\n");
    at.clone_and_open();
    at.sync();
    const bool by_pull = GENERATE(true, false);
    if (by_pull) {
        at.remote.push_file(".gitattributes", "* text=auto eol=crlf\n");
    } else {
        at.place.write(".gitattributes", "* text=auto eol=crlf\n");
    }
    at.sync();
    at.sync();
    const std::string tip = at.remote.tip("main");
    CHECK(at.place.read("note/a.md") == "1\n2\n");
    CHECK(at.place.read("note/crlf.md") == "1\r\n2\r\n");
    at.place.write("note/a.md", "1\n2\n3\n");
    at.sync();
    CHECK(at.last_change() == "1\t0\tnote/a.md");
    CHECK(at.place.read("note/a.md") == "1\n2\n3\n");
    at.place.write("note/new.md", "new\r\n");
    at.sync();
    CHECK(at.remote_has("note/new.md") == "new\n");
    CHECK(at.place.read("note/new.md") == "new\r\n");

    // And without them again: what git shows as modified once it looks is a person's to add.
    at.place.write(".gitattributes", "# none\n");
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.last_change() == "1\t1\t.gitattributes");
    CHECK(at.place.read("note/new.md") == "new\r\n");
}

TEST_CASE("line ends: two machines of different ends settle a conflict in the same way") {
    Machine at({"", "true"});
    at.remote.push_file("note/a.md", "base\n");
    at.clone_and_open();
    Place unix_place;
    Workspace other(with_remote(unix_place, at.remote.path()));
    at.sync();
    other.sync();
    REQUIRE(unix_place.read("note/a.md") == "base\n");
    at.place.write("note/a.md", "here\r\n");
    unix_place.write("note/a.md", "there\n");
    at.sync();
    other.sync();
    at.sync();
    const std::string tip = at.remote.tip("main");
    other.sync();
    at.sync();
    CHECK(at.remote.tip("main") == tip);
    CHECK(at.place.head() == unix_place.head());
    const std::string winner = at.remote_has("note/a.md");
    CHECK(unix_place.read("note/a.md") == winner);
    CHECK(at.place.read("note/a.md") == winner.substr(0, winner.size() - 1) + "\r\n");
    CHECK(other.store().conflicts().size() == 1);
}

TEST_CASE("line ends: an edit that no commit has meets the remote's by lines, and the loser reads as here") {
    Machine at({"", "true"});
    at.remote.push_file("note/a.md", "1\n\n2\n\n3\n");
    at.clone_and_open();
    at.sync();
    const bool merges = GENERATE(true, false);
    at.remote.push_file("note/a.md", merges ? "1\n\n2\n\nTHREE\n" : "ONE\n\n2\n\n3\n");
    at.place.write("note/a.md", "one\r\n\r\n2\r\n\r\n3\r\n");
    at.workspace->git().pull();  // What was edited is looked at, and not committed yet.
    const auto conflicts = at.workspace->store().conflicts();
    if (merges) {
        CHECK(at.place.read("note/a.md") == "one\r\n\r\n2\r\n\r\nTHREE\r\n");
        CHECK(conflicts.empty());
    } else {
        REQUIRE(conflicts.size() == 1);
        const std::string& loser = conflicts.front().loser_content;
        CHECK((loser == "one\r\n\r\n2\r\n\r\n3\r\n" || loser == "ONE\r\n\r\n2\r\n\r\n3\r\n"));
    }
    at.sync();
    at.sync();
    CHECK(at.remote_has("note/a.md").find('\r') == std::string::npos);
}

TEST_CASE("line ends: core.safecrlf holds what git would refuse, until it is mended or allowed") {
    Machine at({"", "true"});
    at.remote.push_file("note/old.md", "old\n");
    at.clone_and_open();
    at.place.git({"config", "core.safecrlf", "true"});
    at.place.write("note/lf.md", "1\n2\n");
    at.place.write("note/mixed.md", "1\r\n2\n");
    at.place.write("note/crlf.md", "1\r\n2\r\n");
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/lf.md", "note/mixed.md"});
    CHECK(tree_paths(at.place) == "note/crlf.md\nnote/old.md");
    at.place.write("note/lf.md", "1\r\n2\r\n");
    at.workspace->sync();
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/mixed.md"});
    at.place.git({"config", "core.safecrlf", "warn"});
    at.sync();
    CHECK(at.remote_has("note/mixed.md") == "1\n2\n");
}

TEST_CASE("line ends: a mark, a mode and a lost object are what they are without conversions") {
    Machine at({"* text=auto eol=crlf", ""});
    at.remote.push_file("run.sh", "one\ntwo\n");
    at.remote.push_file("note/marked.md", "marked\n");
    at.clone_and_open();
    at.place.git({"update-index", "--skip-worktree", "note/marked.md"});
    std::filesystem::permissions(at.place.file("run.sh"), std::filesystem::perms::owner_exec,
                                 std::filesystem::perm_options::add);
    at.sync();
    CHECK(at.place.git({"ls-tree", "HEAD", "run.sh"}).rfind("100755", 0) == 0);
    CHECK(at.place.git({"rev-list", "--count", "HEAD"}) == "4");

    at.workspace->store().put({"note", "a", "a\r\nb\r\n"});
    at.workspace->git().commit();
    const std::string id = at.place.git({"rev-parse", "HEAD:note/a.md"});
    std::filesystem::remove(at.place.file(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2)));
    at.workspace.reset();
    at.open();
    at.sync();
    CHECK(at.remote_has("note/a.md") == "a\nb\n");
}

}  // namespace fluentsync::flow
