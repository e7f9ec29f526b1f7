// Symbolic links of the repository: git's and the folder's, and nobody's content.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

struct Links {
    Links() {
        remote.push_file("note/a.md", "a\n");
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
    }
    /// The remote's person puts a link there, in the place of whatever it was.
    void person_links(const std::string& path, const std::string& target) const {
        person_removes(path);
        fs::create_directories(fs::path(theirs(path)).parent_path());
        fs::create_symlink(target, theirs(path));
    }
    void person_removes(const std::string& path) const { fs::remove_all(theirs(path)); }
    std::string theirs(const std::string& path) const { return remote.person() + "/" + path; }
    void pull() {
        tip = person_pushes(remote);
        workspace->sync();
        CHECK(place.head() == tip);
    }
    /// Where the link here leads; empty: there is none.
    std::string here(const std::string& path) const {
        return fs::is_symlink(place.file(path)) ? fs::read_symlink(place.file(path)).string() : std::string();
    }
    void check_in_order() const {
        CHECK(held_paths(*workspace).empty());
        CHECK(git_status(place).empty());
        CHECK(drifts(*workspace).empty());
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
    std::string tip;
};

}  // namespace

TEST_CASE("links: those that stay inside are made, follow the remote, and go with it") {
    Links at;
    at.person_links("note/link.md", "a.md");
    at.person_links("deep/er/up", "../../note");
    at.person_links("dangling", "nowhere/yet");
    at.pull();
    CHECK(at.here("note/link.md") == "a.md");
    CHECK(at.here("deep/er/up") == "../../note");
    CHECK(at.here("dangling") == "nowhere/yet");
    CHECK_FALSE(at.workspace->store().get({"note", "link"}));
    at.check_in_order();
    at.person_links("note/link.md", "b.md");
    at.person_removes("deep");
    at.pull();
    CHECK(at.here("note/link.md") == "b.md");
    CHECK(at.here("deep/er/up").empty());
    CHECK_FALSE(fs::exists(at.place.file("deep/er")));
    at.workspace->store().put({"note", "b", "ours\n"});
    at.workspace->sync();
    CHECK(at.place.git({"ls-tree", "HEAD", "note/link.md"}).rfind("120000", 0) == 0);
    at.check_in_order();
}

TEST_CASE("links: one that may lead out is not made, and neither deleted nor shown as that") {
    const std::string target =
        GENERATE("/etc/hostname", "../../outside", "a/../../x", "sub/../../../x", "..", "../note/../../x",
                 ".git/config", "../.git/hooks", ".fluentsync/store.db");
    INFO(target);
    Links at;
    at.person_links("note/link.md", target);
    at.pull();
    CHECK(fs::symlink_status(at.place.file("note/link.md")).type() == fs::file_type::not_found);
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/link.md"});
    CHECK(git_status(at.place).empty());
    at.place.write("note/a.md", "edited\n");
    at.place.git({"-c", "user.name=P", "-c", "user.email=p@e.org", "commit", "-q", "-a", "-m", "a person's"});
    CHECK(at.place.git({"ls-tree", "HEAD", "note/link.md"}).rfind("120000", 0) == 0);
    at.workspace->sync();
    support::run_git(at.remote.person(), {"pull", "-q", "origin", "main"});
    at.person_links("note/link.md", "a.md");
    at.pull();
    CHECK(at.here("note/link.md") == "a.md");
    CHECK(held_paths(*at.workspace).empty());
    CHECK(git_status(at.place).empty());
}

TEST_CASE("links: core.symlinks is obeyed") {
    Links at;
    at.workspace.reset();
    at.place.git({"config", "core.symlinks", "false"});
    at.workspace.emplace(with_remote(at.place, at.remote.path()));
    at.person_links("note/link.md", "a.md");
    at.pull();
    CHECK_FALSE(fs::exists(at.place.file("note/link.md")));
    CHECK(git_status(at.place).empty());
    CHECK(held_paths(*at.workspace) == std::set<std::string>{"note/link.md"});
}

TEST_CASE("links: a file becomes a link and a link a file, as the remote has it") {
    Links at;
    at.remote.push_file("note/b.md", "b\n");
    at.remote.push_file("folder/one/x.txt", "x\n");
    at.workspace->sync();
    at.person_links("note/a.md", "b.md");
    at.person_links("folder", "note");
    at.pull();
    CHECK(at.here("note/a.md") == "b.md");
    CHECK(at.here("folder") == "note");
    CHECK_FALSE(at.workspace->store().get({"note", "a"}));
    CHECK(at.place.read("note/b.md") == "b\n");
    at.check_in_order();
    at.person_removes("note/a.md");
    at.person_removes("folder");
    write_file(at.theirs("note/a.md"), "a again\n");
    write_file(at.theirs("folder/b.md"), "not through the link\n");
    at.pull();
    CHECK(at.here("note/a.md").empty());
    CHECK(content_of(*at.workspace, "note", "a") == "a again\n");
    CHECK(at.place.read("folder/b.md") == "not through the link\n");
    CHECK(content_of(*at.workspace, "note", "b") == "b\n");
    at.check_in_order();
}

TEST_CASE("links: what somebody has put or changed here is not written over") {
    const std::string what = GENERATE("another link", "a file", "an edit of the file before");
    INFO(what);
    Links at;
    at.person_links("note/link.md", "a.md");
    at.pull();
    if (what == "another link") {
        fs::remove(at.place.file("note/link.md"));
        fs::create_symlink("mine.md", at.place.file("note/link.md"));
    } else if (what == "a file") {
        fs::remove(at.place.file("note/link.md"));
        at.place.write("note/link.md", "mine\n");
    } else {
        at.place.write("note/a.md", "mine\n");
    }
    at.workspace->directory().import_all();
    const std::string path = what == "an edit of the file before" ? "note/a.md" : "note/link.md";
    at.person_links(path, "elsewhere.md");
    at.tip = person_pushes(at.remote);
    at.workspace->git().pull();
    CHECK(held_paths(*at.workspace).count(path) == 1);
    if (what == "another link") {
        CHECK(at.here(path) == "mine.md");
    } else {
        CHECK(at.place.read(path) == "mine\n");
        CHECK(content_of(*at.workspace, "note", path == "note/a.md" ? "a" : "link") == "mine\n");
    }
    at.workspace->store().put({"note", "other", "ours\n"});
    at.workspace->sync();
    CHECK(at.place.git({"show", "HEAD:" + path}) == "elsewhere.md");
    fs::remove(at.place.file(path));
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.here(path) == "elsewhere.md");
    CHECK(held_paths(*at.workspace).empty());
}

TEST_CASE("links: no commit of ours removes a link or a submodule, whatever is in their place here") {
    Links at;
    at.person_links("note/link.md", "a.md");
    write_file(at.theirs("sub/readme.txt"), "its own\n");
    support::run_git(at.theirs("sub"), {"init", "-q"});
    support::run_git(at.theirs("sub"), {"add", "-A"});
    support::run_git(at.theirs("sub"),
                     {"-c", "user.name=P", "-c", "user.email=p@e.org", "commit", "-q", "-m", "x"});
    at.pull();
    const std::string sub = at.place.git({"ls-tree", "HEAD", "sub"});
    REQUIRE(sub.rfind("160000", 0) == 0);
    fs::remove(at.place.file("note/link.md"));
    at.workspace->sync();
    CHECK(at.place.git({"show", "HEAD:note/link.md"}) == "a.md");
    at.place.write("note/link.md", "a file\n");
    at.place.write("sub/mine.txt", "mine\n");
    at.workspace->sync();
    at.place.write("note/link.md", "edited\n");
    at.workspace->sync();
    CHECK(at.place.git({"show", "HEAD:note/link.md"}) == "a.md");
    CHECK(at.place.git({"ls-tree", "HEAD", "sub"}) == sub);
    CHECK(held_paths(*at.workspace).count("note/link.md") == 1);
    CHECK(content_of(*at.workspace, "note", "link") == "edited\n");
    fs::remove_all(at.place.file("sub"));
    at.place.write("sub", "a file in its place\n");
    at.workspace->sync();
    CHECK(at.place.git({"ls-tree", "HEAD", "sub"}) == sub);
    fs::remove(at.place.file("note/link.md"));
    at.workspace->sync();
    CHECK(held_paths(*at.workspace).count("note/link.md") == 0);
}

TEST_CASE("links: a person's own in HEAD is no held file, and takes the place of the one before") {
    Links at;
    fs::remove(at.place.file("note/a.md"));
    fs::create_symlink("b.md", at.place.file("note/a.md"));
    at.place.git({"add", "-A", "note"});
    at.place.git({"-c", "user.name=P", "-c", "user.email=p@e.org", "commit", "-q", "-m", "a link"});
    at.workspace->sync();
    at.workspace->sync();
    CHECK(at.place.git({"show", "HEAD:note/a.md"}) == "b.md");
    CHECK_FALSE(at.workspace->store().get({"note", "a"}));
    CHECK(at.remote.tip("main") == at.place.head());
    at.check_in_order();
}

}  // namespace fluentsync::flow
