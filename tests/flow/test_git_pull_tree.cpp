// What a remote's tree may hold that must not be on this disk, or not in the store.
#include <catch2/catch.hpp>

#include "git_steps.hpp"

namespace fluentsync::flow {

TEST_CASE("pull: links, submodules and unsafe names stay in git and are listed [trap-37] [trap-42]") {
    support::BareRemote remote;
    const std::string first = remote.push_file("note/good.md", "good\n");
    const std::string folder = remote.person();
    const std::string blob = support::run_git(folder, {"hash-object", "-w", "note/good.md"});
    // git's own plumbing refuses such names, so the trees are written as bytes.
    const auto entry = [](const std::string& mode, const std::string& name, const std::string& id) {
        std::string raw = mode + " " + name + '\0';
        for (std::size_t i = 0; i < id.size(); i += 2) {
            raw += static_cast<char>(std::stoi(id.substr(i, 2), nullptr, 16));
        }
        return raw;
    };
    const auto write_tree = [&](const std::string& raw) {
        support::write_file(remote.below("raw-tree"), raw);
        return support::run_git(folder,
                                {"hash-object", "-t", "tree", "-w", "--literally", remote.below("raw-tree")});
    };
    const std::string hooks = write_tree(entry("100644", "post-checkout", blob));
    const std::string git = write_tree(entry("40000", "hooks", hooks));
    const std::string up = write_tree(entry("100644", "escaped.md", blob));
    const std::string note = write_tree(entry("40000", ".fluentsync", up) + entry("100644", "good.md", blob) +
                                        entry("120000", "link.md", blob) + entry("100644", "new.md", blob));
    const std::string tree = write_tree(entry("40000", "..", up) + entry("40000", ".git", git) +
                                        entry("40000", "note", note) + entry("160000", "sub", first));
    const std::string commit = support::run_git(folder, {"commit-tree", "-p", first, "-m", "hostile", tree});
    // Put there past all checks, as a hostile server would have it.
    support::run_program({"git", "-C", folder, "-c", "transfer.fsckObjects=false", "push", "-q", "origin",
                          commit + ":refs/heads/main"});
    REQUIRE(remote.tip("main") == commit);
    Place place;
    {
        Workspace workspace(with_remote(place, remote.path()));
        workspace.sync();
        CHECK(place.head() == commit);
        CHECK(content_of(workspace, "note", "new") == "good\n");
        CHECK_FALSE(std::filesystem::exists(place.base / "escaped.md"));
        CHECK_FALSE(place.has(".git/hooks/post-checkout"));
        CHECK_FALSE(place.has("note/.fluentsync"));
        CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(place.file("note/link.md"))));
        CHECK_FALSE(place.has("sub"));
        const std::set<std::string> all = {"../escaped.md", ".git/hooks/post-checkout",
                                           "note/.fluentsync/escaped.md", "note/link.md", "sub"};
        CHECK(held_paths(workspace) == all);
        workspace.store().put({"note", "ours", "ours\n"});
        workspace.sync();
        CHECK(held_paths(workspace) == all);
    }
    // The next start knows them still, and our commit has kept them in the tree.
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(held_paths(workspace).size() == 5);
    CHECK(place.git({"rev-parse", "HEAD:sub"}) == first);
    CHECK(place.git({"rev-parse", "HEAD:note/link.md"}) == blob);
    CHECK(place.git({"ls-tree", "-r", "--name-only", "HEAD"}).find("note/ours.md") != std::string::npos);
    CHECK(remote.tip("main") == place.head());
}

TEST_CASE(
    "pull: a commit's invalid front matter is on disk and held, the store keeps the last good version") {
    support::BareRemote remote;
    remote.push_file("note/a.md", "---\ntitle: one\n---\ntext\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    remote.push_file("note/a.md", "---\ntitle: [one\n---\ntext\n");
    const std::string tip = remote.push_file("note/new.md", "---\n\tbad: [\n---\n");
    workspace.sync();
    CHECK(place.head() == tip);
    CHECK(place.read("note/a.md") == "---\ntitle: [one\n---\ntext\n");
    CHECK(content_of(workspace, "note", "a") == "---\ntitle: one\n---\ntext\n");
    CHECK(held_paths(workspace) == std::set<std::string>{"note/a.md", "note/new.md"});
    workspace.sync();
    CHECK(place.head() == tip);  // Held is not deleted, and not reverted.
    CHECK(git_status(place).empty());
    place.write("note/new.md", "mended\n");
    remote.push_file("note/a.md", "---\ntitle: two\n---\ntext\n");
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(content_of(workspace, "note", "a") == "---\ntitle: two\n---\ntext\n");
    CHECK(content_of(workspace, "note", "new") == "mended\n");
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: the branch may have any name; a branch option is obeyed [trap-34]") {
    support::BareRemote remote("trunk/notes");
    remote.push_file("note/a.md", "one\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(place.git({"symbolic-ref", "HEAD"}) == "refs/heads/trunk/notes");
    CHECK(content_of(workspace, "note", "a") == "one\n");
    workspace.store().put({"note", "b", "two\n"});
    workspace.sync();
    CHECK(remote.tip("trunk/notes") == place.head());

    Place other;
    other.options.git.branch = "mine";
    Workspace mine(with_remote(other, remote.path()));
    mine.store().put({"note", "c", "three\n"});
    mine.sync();
    CHECK(other.git({"symbolic-ref", "HEAD"}) == "refs/heads/mine");
    CHECK(remote.tip("mine") == other.head());
    CHECK(remote.tip("trunk/notes") == place.head());
}

TEST_CASE("pull: files of other types, and files git ignores here, arrive as plain files [trap-50]") {
    support::BareRemote remote;
    remote.push_file(".gitignore", "*.tmp.md\n");
    remote.push_file("note/a.md", "note\n");
    remote.push_file("draft/b.md", "draft\n");
    support::write_file(remote.person() + "/note/c.tmp.md", "ignored, and tracked all the same\n");
    support::run_git(remote.person(), {"add", "-f", "note/c.tmp.md"});
    remote.push_file("top.md", "top\n");
    Place place;
    place.options.directory.entity_types = {"note"};
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(workspace.store().types() == std::vector<std::string>{"note"});
    CHECK(place.read("draft/b.md") == "draft\n");
    CHECK(place.read("note/c.tmp.md") == "ignored, and tracked all the same\n");
    CHECK(place.head() == remote.tip("main"));
    place.write("draft/b.md", "edited here\n");
    place.write("note/c.tmp.md", "edited here too\n");
    workspace.sync();
    CHECK(place.git({"show", "HEAD:draft/b.md"}) == "edited here");
    CHECK(place.git({"show", "HEAD:note/c.tmp.md"}) == "edited here too");
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: a commit that deletes or mends what is held here keeps the held file's bytes [trap-15]") {
    support::BareRemote remote;
    remote.push_file("note/gone.md", "---\ntitle: one\n---\n");
    remote.push_file("note/edited.md", "---\ntitle: one\n---\ntext\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    const std::string unfinished = "---\ntitle: [unfinished\n---\n";
    place.write("note/gone.md", unfinished);
    place.write("note/edited.md", unfinished);
    support::run_git(remote.person(), {"rm", "-q", "note/gone.md"});
    const std::string tip = remote.push_file("note/edited.md", "---\ntitle: two\n---\ntext\n");
    workspace.sync();
    workspace.sync();
    CHECK(place.git({"merge-base", "HEAD", tip}) == tip);
    CHECK(place.git({"show", "HEAD:note/gone.md"}) + "\n" == unfinished);
    CHECK(place.read("note/gone.md") == unfinished);
    CHECK(place.read("note/edited.md") == unfinished);
    place.write("note/gone.md", "finished\n");
    place.write("note/edited.md", "finished\n");
    workspace.sync();
    CHECK(content_of(workspace, "note", "gone") == "finished\n");
    CHECK(content_of(workspace, "note", "edited") == "finished\n");
    CHECK(held_paths(workspace).empty());
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: thousands of files in many new folders, removed again by one commit [trap-45]") {
    support::BareRemote remote;
    for (int i = 0; i < 2500; ++i) {
        support::write_file(remote.person() + "/type" + std::to_string(i % 60) + "/sub" +
                                std::to_string(i % 7) + "/" + std::to_string(i) + ".md",
                            "text " + std::to_string(i) + "\n");
    }
    const std::string full = remote.push_file("note/stays.md", "stays\n");
    Place place;
    EventLog log;
    Workspace workspace(with_remote(place, remote.path()));
    const auto subscription = workspace.subscribe(log);
    workspace.sync();
    CHECK(workspace.store().count() == 2501);
    CHECK(drifts(workspace).empty());
    for (int i = 0; i < 60; ++i) {
        std::filesystem::remove_all(remote.person() + "/type" + std::to_string(i));
    }
    const std::string empty = remote.push_file("note/stays.md", "stays on\n");
    workspace.sync();
    CHECK(workspace.store().count() == 1);
    CHECK(place.head() == empty);
    CHECK(log.count(EventKind::deletion_held) == 0);
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: a local file in the way of a remote's folder takes nothing from git") {
    support::BareRemote remote;
    remote.push_file("docs/a.md", "a\n");
    const std::string tip = remote.push_file("docs/b.md", "b\n");
    Place place;
    place.write("docs", "a file of this machine\n");
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    workspace.git().commit();
    workspace.sync();
    CHECK(remote.tip("main") == tip);
    CHECK(place.head() == tip);
    CHECK(place.read("docs") == "a file of this machine\n");
    CHECK(held_paths(workspace) == std::set<std::string>{"docs/a.md", "docs/b.md"});
    std::filesystem::rename(place.file("docs"), place.file("mine"));
    workspace.sync();
    CHECK(place.read("docs/a.md") == "a\n");
    CHECK(content_of(workspace, "docs", "b") == "b\n");
    CHECK(tree_paths(place) == "docs/a.md\ndocs/b.md\nmine");
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: the executable bit of one side and the content of the other come together") {
    const bool mode_here = GENERATE(true, false);
    INFO("the bit is set here: " << mode_here);
    support::BareRemote remote;
    remote.push_file("run.sh", "echo 1\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    const auto make_program = [](const std::string& path) {
        std::filesystem::permissions(path, std::filesystem::perms::owner_exec,
                                     std::filesystem::perm_options::add);
    };
    if (mode_here) {
        make_program(place.file("run.sh"));
        remote.push_file("run.sh", "echo 2\n");
    } else {
        place.write("run.sh", "echo 2\n");
        make_program(remote.person() + "/run.sh");
        remote.push_file("other.txt", "other\n");
    }
    workspace.directory().import_all();
    workspace.git().commit();
    workspace.sync();
    CHECK(place.read("run.sh") == "echo 2\n");
    CHECK(place.git({"ls-tree", "HEAD", "run.sh"}).substr(0, 6) == "100755");
    CHECK(remote.tip("main") == place.head());
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("pull: editors' litter in git comes and goes with git alone") {
    support::BareRemote remote;
    support::write_file(remote.person() + "/.git/info/exclude", "");
    remote.push_file("note/a.md~", "a backup\n");
    remote.push_file("note/b.md~", "a backup\n");
    remote.push_file("note/a.md", "a\n");
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(place.read("note/a.md~") == "a backup\n");
    CHECK(drifts(workspace).empty());
    support::run_git(remote.person(), {"rm", "-q", "note/a.md~"});
    remote.push_file("note/a.md", "a again\n");
    place.remove("note/b.md~");
    workspace.sync();
    CHECK_FALSE(place.has("note/a.md~"));
    CHECK(tree_paths(place) == "note/a.md\nnote/b.md~");
    CHECK(workspace.store().count() == 1);
    CHECK(drifts(workspace).empty());
}

}  // namespace fluentsync::flow
