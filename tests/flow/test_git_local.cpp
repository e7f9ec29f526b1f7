// Files to git: what a commit holds, and how it gets along with the person in the same repository.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

TEST_CASE("git: a commit holds entities and attachments, not what .gitignore leaves out") {
    Place place;
    Workspace workspace(place.options);
    place.write(".gitignore", "*.log\nprivate/\n");
    place.write("image/one.png", std::string("\x89PNG\0\xFF", 6));
    place.write("top.txt", "top\n");
    place.write("debug.log", "noise\n");
    place.write("private/secret.md", "mine alone\n");
    workspace.store().put({"note", "a", "text\n"});
    workspace.sync();
    CHECK(tree_paths(place) == ".gitignore\nimage/one.png\nnote/a.md\ntop.txt");
    CHECK(git_status(place).empty());
    CHECK(place.read("debug.log") == "noise\n");
    CHECK(place.read("private/secret.md") == "mine alone\n");
    place.write("image/one.png", "other");
    place.remove("top.txt");
    workspace.sync();
    CHECK(place.git({"show", "HEAD:image/one.png"}) == "other");
    CHECK(tree_paths(place) == ".gitignore\nimage/one.png\nnote/a.md");
    CHECK(place.commits() == 2);
}

TEST_CASE("git: the commit's message comes from the template, its author from the options") {
    Place place;
    place.options.git.commit_message = "+{added} ~{modified} -{deleted} ={total}: {files} {other}";
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.store().put({"note", "b", "one\n"});
    workspace.sync();
    CHECK(place.git({"log", "-1", "--format=%s"}) == "+2 ~0 -0 =2: note/a.md, note/b.md {other}");
    CHECK(place.git({"log", "-1", "--format=%an <%ae>"}) == "A Person <person@example.org>");
    workspace.store().put({"note", "a", "two\n"});
    workspace.store().remove({"note", "b"});
    workspace.store().put({"note", "c", "one\n"});
    workspace.git().commit();
    CHECK(place.git({"log", "-1", "--format=%s"}) == "+1 ~1 -1 =3: note/a.md, note/b.md, note/c.md {other}");
    workspace.store().put({"note", "a", "three\n"});
    const CommitResult result = workspace.git().commit("My own words, {total}");
    CHECK(result.files == 1);
    CHECK(place.git({"log", "-1", "--format=%s"}) == "My own words, 1");
    CHECK(workspace.git().commit("nothing").commit.empty());
}

TEST_CASE("git: the executable bit is committed, and comes back out [trap-05]") {
    support::BareRemote remote;
    Place place;
    place.write("tool/run.sh", "#!/bin/sh\n");
    std::filesystem::permissions(place.file("tool/run.sh"), std::filesystem::perms::owner_all);
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    CHECK(place.git({"ls-tree", "HEAD", "tool/run.sh"}).substr(0, 6) == "100755");
    std::filesystem::permissions(place.file("tool/run.sh"), std::filesystem::perms(0644));
    workspace.sync();
    CHECK(place.git({"ls-tree", "HEAD", "tool/run.sh"}).substr(0, 6) == "100644");
    CHECK(git_status(place).empty());
    // Somebody else sets it again: the mode alone changes.
    support::run_git(remote.person(), {"pull", "-q", "origin", "main"});
    support::run_git(remote.person(), {"update-index", "--chmod=+x", "tool/run.sh"});
    support::run_git(remote.person(), {"commit", "-q", "-m", "executable"});
    support::run_git(remote.person(), {"push", "-q", "origin", "main"});
    workspace.sync();
    CHECK(place.head() == remote.tip("main"));
    CHECK((std::filesystem::status(place.file("tool/run.sh")).permissions() &
           std::filesystem::perms::owner_exec) != std::filesystem::perms::none);
    CHECK(git_status(place).empty());
    CHECK(place.git({"log", "-1", "--format=%s"}) == "executable");
}

TEST_CASE("git: the message counts what HEAD's tree gains, changes and loses, a mode included") {
    Place place;
    place.options.git.commit_message = "+{added} ~{modified} -{deleted}";
    Workspace workspace(place.options);
    place.write("tool/run.sh", "#!/bin/sh\n");
    place.write("note/a.md", "one\n");
    workspace.sync();
    CHECK(place.git({"log", "-1", "--format=%s"}) == "+2 ~0 -0");
    std::filesystem::permissions(place.file("tool/run.sh"), std::filesystem::perms::owner_all);
    std::filesystem::permissions(place.file("note/a.md"), std::filesystem::perms::owner_all);
    place.write("note/b.md", "one\n");
    workspace.sync();
    CHECK(place.git({"log", "-1", "--format=%s"}) == "+1 ~2 -0");
    // A new mode that nobody committed, and then the file goes.
    std::filesystem::permissions(place.file("tool/run.sh"), std::filesystem::perms(0644));
    workspace.directory().flush();
    place.remove("tool/run.sh");
    workspace.sync();
    CHECK(place.git({"log", "-1", "--format=%s"}) == "+0 ~0 -1");
    CHECK(git_status(place).empty());
}

TEST_CASE("git: a mode that somebody changed before we came, or beside a commit of theirs, is committed") {
    Place place;
    std::filesystem::create_directories(place.root());
    place.git({"init", "-q", "-b", "main"});
    support::commit_file(place.root(), "tool/a.sh", "one\n");
    support::commit_file(place.root(), "tool/b.sh", "one\n");
    std::filesystem::permissions(place.file("tool/a.sh"), std::filesystem::perms::owner_all);
    Workspace workspace(place.options);
    workspace.sync();
    CHECK(place.git({"ls-tree", "HEAD", "tool/a.sh"}).substr(0, 6) == "100755");
    CHECK(git_status(place).empty());
    std::filesystem::permissions(place.file("tool/b.sh"), std::filesystem::perms::owner_all);
    place.write("tool/b.sh", "two\n");
    place.git({"-c", "core.fileMode=false", "commit", "-q", "-a", "-m", "by a person"});
    REQUIRE(place.git({"ls-tree", "HEAD", "tool/b.sh"}).substr(0, 6) == "100644");
    workspace.directory().flush();
    workspace.sync();
    CHECK(place.git({"ls-tree", "HEAD", "tool/b.sh"}).substr(0, 6) == "100755");
    CHECK(git_status(place).empty());
}

TEST_CASE("git: a heading underlined with ======= is no conflict marker [trap-24]") {
    Place place;
    Workspace workspace(place.options);
    const std::string text = "Heading\n=======\n\n<<<<<<< quoted\n=======\n>>>>>>> quoted\n";
    workspace.store().put({"note", "a", text});
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/a.md"}) + "\n" == text);
    CHECK(place.read("note/a.md") == text);
    CHECK(held_paths(workspace).empty());
}

TEST_CASE("git: paths outside ASCII are committed and pulled [trap-26] [trap-39]") {
    support::BareRemote remote;
    Place here;
    Place there;
    Workspace first(with_remote(here, remote.path()));
    Workspace second(with_remote(there, remote.path()));
    const std::vector<std::string> names = {"Grüße",  "日本語",           "emoji 🎈",   "עברית",
                                            "a{b}%c", "quote\"and'quote", "back`tick$"};
    for (const std::string& name : names) {
        first.store().put({"note", name, name + "\n"});
    }
    here.write("Bilder/Übersicht.png", "png");
    first.sync();
    second.sync();
    for (const std::string& name : names) {
        INFO(name);
        CHECK(content_of(second, "note", name) == name + "\n");
    }
    CHECK(there.read("Bilder/Übersicht.png") == "png");
    second.store().put({"note", "日本語", "更新\n"});
    second.sync();
    first.sync();
    CHECK(content_of(first, "note", "日本語") == "更新\n");
    CHECK(here.head() == there.head());
    CHECK(git_status(here).empty());
    CHECK(git_status(there).empty());
}

TEST_CASE("git: a lock left on the index does not stop commits; a branch's stale lock goes [trap-28]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    place.write(".git/index.lock", "");
    workspace.store().put({"note", "a", "two\n"});
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "two");
    CHECK(place.has(".git/index.lock"));  // It may be a living person's: never ours to remove.
    place.remove(".git/index.lock");
    workspace.sync();
    CHECK(git_status(place).empty());

    const std::string lock = place.file(".git/refs/heads/main.lock");
    support::write_file(lock, "");
    workspace.store().put({"note", "a", "three\n"});
    CHECK_THROWS_AS(workspace.sync(), Error);  // Young: somebody may be at work.
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "two");
    std::filesystem::last_write_time(lock,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "three");
    CHECK_FALSE(std::filesystem::exists(lock));
}

TEST_CASE("git: a crash between the index and the note of it leaves nothing that looks staged [trap-35]") {
    Place place;
    std::string first;
    {
        Workspace workspace(place.options);
        workspace.store().put({"note", "a", "one\n"});
        workspace.sync();
        first = place.git({"rev-parse", "HEAD^{tree}"});
        workspace.store().put({"note", "a", "two\n"});
        workspace.sync();
    }
    const std::string second = place.git({"rev-parse", "HEAD^{tree}"});
    raw_sql(place.options.store.path,
            "UPDATE named_values SET value = '" + first +
                "' WHERE name = 'index_tree'; INSERT INTO named_values(name, value) "
                "VALUES('index_next', '" +
                second + "')");
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "three\n"});
    workspace.sync();
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git: stands back from a person's merge, and goes on after it [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    const std::string head = place.head();
    place.git({"checkout", "-q", "-b", "side"});
    support::commit_file(place.root(), "note/a.md", "side\n");
    place.git({"checkout", "-q", "main"});
    const std::string main_commit = support::commit_file(place.root(), "note/a.md", "main\n");
    CHECK_FALSE(support::run_program({"git", "-C", place.root(), "merge", "-q", "side"}).exit_code == 0);
    const std::string in_conflict = git_status(place);
    REQUIRE_FALSE(in_conflict.empty());
    workspace.store().put({"note", "b", "new\n"});
    try {
        workspace.sync();
        FAIL("a merge is in progress");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::repository_busy);
    }
    CHECK(place.head() == main_commit);
    CHECK(place.git({"ls-files", "-u"}).find("note/a.md") != std::string::npos);
    CHECK(workspace.status().git->standing_back.find("merge") != std::string::npos);
    place.write("note/a.md", "both\n");
    place.git({"add", "note/a.md"});
    place.git({"commit", "-q", "-m", "merged by hand"});
    workspace.sync();
    CHECK(place.git({"log", "-1", "--format=%s", "HEAD~1"}) == "merged by hand");
    CHECK(content_of(workspace, "note", "a") == "both\n");
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
    CHECK(workspace.status().git->standing_back.empty());
}

TEST_CASE("git: a merge without conflicts is its person's to commit") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    place.git({"checkout", "-q", "-b", "side"});
    support::commit_file(place.root(), "side.txt", "side\n");
    place.git({"checkout", "-q", "main"});
    const std::string head = place.head();
    place.git({"merge", "-q", "--no-ff", "--no-commit", "side"});
    workspace.store().put({"note", "b", "new\n"});
    CHECK(code_of([&] { workspace.sync(); }) == ErrorCode::repository_busy);
    CHECK(place.head() == head);
    place.git({"commit", "-q", "-m", "merged by hand"});
    workspace.sync();
    CHECK(place.git({"log", "-1", "--format=%s", "HEAD~1"}) == "merged by hand");
    CHECK(place.git({"show", "HEAD:note/b.md"}) == "new");
}

TEST_CASE("git: what a person staged stays staged and is not committed [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    place.write("todo.txt", "first\n");
    workspace.sync();
    place.write("todo.txt", "half done\n");
    place.git({"add", "todo.txt"});
    place.write("todo.txt", "first\n");  // On disk as it was: only the index has the person's version.
    const std::string staged = place.git({"ls-files", "-s", "todo.txt"});
    workspace.store().put({"note", "a", "two\n"});
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "two");
    CHECK(place.git({"show", "HEAD:todo.txt"}) == "first");
    CHECK(place.git({"ls-files", "-s", "todo.txt"}) == staged);
    CHECK(place.git({"diff", "--cached", "--name-only"}) == "todo.txt");
}

TEST_CASE("git: a detached HEAD is left alone, and commits go on afterwards [trap-34]") {
    Place place;
    automate(place, "");
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    const std::string head = place.head();
    place.git({"checkout", "-q", "--detach"});
    workspace.start();
    workspace.store().put({"note", "a", "two\n"});
    REQUIRE(log.wait_for(EventKind::git_standing_back));
    CHECK(place.head() == head);
    CHECK(place.read("note/a.md") == "two\n");
    CHECK_FALSE(workspace.status().git->standing_back.empty());
    place.git({"checkout", "-q", "main"});
    REQUIRE(wait_until([&] { return place.head() != head; }));  // Without another change.
    CHECK(place.git({"show", "main:note/a.md"}) == "two");
    CHECK(wait_until([&] { return workspace.status().git->standing_back.empty(); }));  // HEAD moves first.
}

TEST_CASE("git: a person's own commit between ours is followed without another [trap-05]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    place.write("plain.txt", "plain\n");
    workspace.sync();
    support::commit_file(place.root(), "note/b.md", "by hand\n");
    place.git({"rm", "-q", "plain.txt"});
    place.git({"commit", "-q", "-m", "without plain"});
    const std::string head = support::commit_file(place.root(), "note/a.md", "two\n");
    workspace.sync();
    CHECK(place.head() == head);
    CHECK(content_of(workspace, "note", "a") == "two\n");
    CHECK(content_of(workspace, "note", "b") == "by hand\n");
    CHECK(drifts(workspace).empty());
    workspace.store().put({"note", "b", "ours\n"});
    workspace.sync();
    CHECK(place.git({"rev-parse", "HEAD~1"}) == head);
    CHECK(git_status(place).empty());
}

TEST_CASE("git: a path that a person committed and we right after them looks not staged [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    support::commit_file(place.root(), "note/a.md", "two\n");
    place.write("note/a.md", "three\n");
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/a.md"}) == "three");
    CHECK(place.git({"show", "HEAD~1:note/a.md"}) == "two");
    CHECK(git_status(place).empty());
}

TEST_CASE("git: a repository that was there before keeps its index in step from the first commit") {
    Place place;
    std::filesystem::create_directories(place.root());
    place.git({"init", "-q", "-b", "trunk"});
    support::commit_file(place.root(), "note/a.md", "one\n");
    const std::string head = support::commit_file(place.root(), "note/b.md", "one\n");
    Workspace workspace(place.options);
    place.write("note/a.md", "two\n");
    workspace.sync();
    CHECK(place.git({"rev-parse", "trunk~1"}) == head);
    CHECK(place.git({"diff", "--name-only", "HEAD~1"}) == "note/a.md");
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

TEST_CASE("git: a commit waits for the export of what was just written [trap-36]") {
    for (const bool skip : {true, false}) {
        INFO("skip_export_check " << skip);
        Place place;
        place.options.git.skip_export_check = skip;
        place.options.directory.sync_debounce = std::chrono::minutes(5);
        place.options.directory.auto_sync = skip;
        Workspace workspace(place.options);
        workspace.start();
        workspace.directory().flush();  // Else the first look of all might export it in time by chance.
        workspace.store().put({"note", "a", "text\n"});
        CHECK(workspace.git().commit().files == 1);
        CHECK(place.read("note/a.md") == "text\n");
        CHECK(place.git({"show", "HEAD:note/a.md"}) == "text");
    }
}

TEST_CASE("git: no hook of the repository is run [trap-32]") {
    support::BareRemote remote;
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.sync();
    const std::string trace = place.base / "hook-ran";
    for (const char* hook : {"pre-commit", "commit-msg", "post-commit", "pre-push", "post-merge",
                             "post-checkout", "reference-transaction", "post-index-change"}) {
        place.write(std::string(".git/hooks/") + hook, "#!/bin/sh\ntouch '" + trace + "'\nexit 1\n");
        std::filesystem::permissions(place.file(std::string(".git/hooks/") + hook),
                                     std::filesystem::perms::owner_all);
    }
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    support::run_git(remote.person(), {"pull", "-q", "origin", "main"});
    remote.push_file("note/other.md", "other\n");
    workspace.store().put({"note", "b", "two\n"});
    workspace.sync();
    CHECK(content_of(workspace, "note", "other") == "other\n");
    CHECK_FALSE(std::filesystem::exists(trace));
}

}  // namespace fluentsync::flow
