// A repository that is damaged, or unusual, while store and folder are whole: mended where what is lost can
// be had again and checked, else told.
#include <catch2/catch.hpp>

#include "event_log.hpp"
#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

void put_notes(Workspace& workspace) {
    for (const char* id : {"1", "2", "3"})
        workspace.store().put({"note", id, std::string(id) + "\n"});
    workspace.sync();
}

EventLog::Match warns(const std::string& words) {
    return [words](const Event& event) {
        return event.kind == EventKind::warning && event.message.find(words) != std::string::npos;
    };
}

/// Neither git nor verify() has anything to say.
void check_mended(const Place& place, const Workspace& workspace) {
    CHECK(place.git({"fsck", "--full", "--strict", "--no-dangling"}).empty());
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

/// How a file may be damaged.
void damage(const std::string& file, const std::string& how) {
    const std::string whole = support::read_file(file);
    fs::remove(file);  // Objects may not be written to.
    if (how == "empty") write_file(file, "");
    if (how == "garbage") write_file(file, "garbage");
    if (how == "torn") write_file(file, whole.substr(0, whole.size() / 2));
}

void damage_object(const Place& place, const std::string& what, const std::string& how) {
    const std::string id = place.git({"rev-parse", what});
    damage(place.file(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2)), how);
}

}  // namespace

TEST_CASE("git: a damaged index is made anew from HEAD, kept and told [trap-35]") {
    Place place;
    EventLog log;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    const std::string whole = place.read(".git/index");
    const std::string damaged =
        GENERATE_COPY(std::string(), std::string("garbage"), whole.substr(0, whole.size() / 2),
                      std::string(whole.size(), '\0'));
    place.write(".git/index", damaged);
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    SECTION("before a commit") {
        place.write("note/1.md", "edited\n");
    }
    SECTION("with HEAD where it was") {}
    workspace.sync();
    check_mended(place, workspace);
    CHECK(log.wait_for(warns("git's index was damaged")));
    CHECK(place.read(".git/lost-found/damaged/index-1") == damaged);
}

TEST_CASE(
    "git: an index without its checksum, or in two files, follows, and what is staged stays [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    put_notes(workspace);
    place.write("staged.txt", "staged\n");
    place.git({"add", "staged.txt"});
    place.git({"rm", "-q", "--cached", "note/2.md"});
    place.remove("staged.txt");
    SECTION("in two files") {
        place.git({"update-index", "--split-index"});
    }
    SECTION("without its checksum") {
        const std::string whole = place.read(".git/index");
        place.write(".git/index", whole.substr(0, whole.size() - 20) + std::string(20, '\0'));
    }
    place.write("note/1.md", "edited\n");
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "edited");
    CHECK(place.git({"diff", "--cached", "--name-status"}) == "D\tnote/2.md\nA\tstaged.txt");
}

TEST_CASE("git: a damaged object is written again, or fetched anew, and the sync goes on") {
    Place place;
    support::BareRemote remote;
    place.options.git.remote = remote.path();
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    const std::string what = GENERATE("HEAD", "HEAD^{tree}", "HEAD:note", "HEAD:note/2.md");
    const std::string how = GENERATE("empty", "garbage", "torn", "gone");
    if (what == "HEAD:note/2.md" && how == "gone") return;  // Nothing here needs it: verify tells, see below.
    damage_object(place, what, how);
    place.write("note/1.md", "edited\n");
    Workspace workspace(place.options);
    workspace.sync();
    check_mended(place, workspace);
    CHECK(place.commits() == 2);
    CHECK(remote.tip("main") == place.head());
}

TEST_CASE("git: an object that nobody else has is written again from the folder, or the branch goes back") {
    Place place;
    EventLog log;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
        place.write("note/1.md", "second\n");
        place.remove("note/3.md");
        workspace.sync();
    }
    REQUIRE_FALSE(place.has("note/3.md"));
    const std::string head = place.head();
    const std::string what = GENERATE("HEAD", "HEAD^{tree}", "HEAD:note", "HEAD:note/1.md");
    damage_object(place, what, "empty");
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.sync();
    check_mended(place, workspace);
    CHECK(place.commits() == 2);
    if (what != "HEAD") CHECK(place.head() == head);
    CHECK(tree_paths(place) == "note/1.md\nnote/2.md");
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "second");
    CHECK(fs::exists(place.file(".git/lost-found/damaged")));
}

TEST_CASE("git: a blob that is damaged before it is pushed comes from the store") {
    Place place;
    support::BareRemote remote;
    Workspace workspace(place.options);
    put_notes(workspace);
    workspace.close();
    damage_object(place, "HEAD:note/2.md", "empty");
    Workspace pushing(with_remote(place, remote.path()));
    pushing.sync();
    check_mended(place, pushing);
    CHECK(remote.tip("main") == place.head());
}

TEST_CASE("git: a damaged reference is where its log says") {
    Place place;
    EventLog log;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    const std::string head = place.head();
    const std::string file = GENERATE(".git/HEAD", ".git/refs/heads/main", ".git/packed-refs");
    if (file == ".git/packed-refs") place.git({"pack-refs", "--all"});
    damage(place.file(file), GENERATE("empty", "garbage", "torn", "gone"));
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.sync();
    CHECK(place.head() == head);
    check_mended(place, workspace);
    CHECK(workspace.status().open_conflicts == 0);
}

TEST_CASE("git: a pack without its index gets one, and of a torn one what is in it is read") {
    Place place;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    const std::string head = place.head();
    place.git({"gc", "-q"});
    const std::string ending = GENERATE(".idx", ".pack");
    for (const auto& entry : fs::directory_iterator(place.file(".git/objects/pack"))) {
        const std::string pack = entry.path().string();
        if (!pack.ends_with(ending)) continue;
        const std::string whole = support::read_file(pack);
        fs::remove(pack);
        if (ending == ".pack") write_file(pack, whole.substr(0, whole.size() - 30));
    }
    Workspace workspace(place.options);
    workspace.sync();
    check_mended(place, workspace);
    CHECK(place.git({"show", "HEAD:note/2.md"}) == "2");
}

TEST_CASE(
    "git: a blob of HEAD's that is gone and that nothing reads is named, and the next sync writes it again") {
    Place place;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    Workspace(place.options).sync();  // It has looked at all there is.
    damage_object(place, "HEAD:note/2.md", "gone");
    {
        Workspace workspace(place.options);
        workspace.sync();
        CHECK(drifts(workspace).find("note/2.md: HEAD's content") != std::string::npos);
    }
    Workspace workspace(place.options);
    workspace.sync();
    check_mended(place, workspace);
}

TEST_CASE("git: of a pull what cannot be read is held, and comes once it can be; the rest goes on") {
    Place place;
    support::BareRemote remote;
    place.options.git.remote = remote.path();
    Workspace workspace(place.options);
    put_notes(workspace);
    support::run_git(remote.person(), {"pull", "-q", "origin", "main"});
    const bool both_changed = GENERATE(false, true);
    write_file(remote.person() + "/note/1.md", "theirs\n");
    remote.push_file("note/2.md", "theirs, too\n");
    place.git({"fetch", "-q", "origin"});
    const std::string id = place.git({"rev-parse", "origin/main:note/1.md"});
    const std::string blob = "/objects/" + id.substr(0, 2) + "/" + id.substr(2);
    for (const std::string& file : {place.file(".git" + blob), remote.path() + blob})
        REQUIRE(fs::remove(file));
    if (both_changed) place.write("note/1.md", "ours\n");

    workspace.sync();
    CHECK(place.read("note/2.md") == "theirs, too\n");
    CHECK(place.read("note/1.md") == (both_changed ? "ours\n" : "1\n"));
    CHECK(held_paths(workspace) == std::set<std::string>{"note/1.md"});
    CHECK(place.git({"rev-parse", "HEAD:note/1.md"}) == id);
    CHECK(workspace.store().conflicts().size() == (both_changed ? 1 : 0));
    CHECK(remote.tip("main") == place.head());

    write_file(place.base.path() + "/found", "theirs\n");
    place.git({"hash-object", "-w", place.base.path() + "/found"});
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(content_of(workspace, "note", "1") == "theirs\n");
    CHECK(place.git({"rev-parse", "HEAD:note/1.md"}) == id);
}

TEST_CASE("git: an object that nobody has is told, and what can be done") {
    Place place;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    damage_object(place, "HEAD", "empty");
    fs::remove_all(place.file(".git/logs"));
    Workspace workspace(place.options);
    try {
        workspace.sync();
        FAIL("nothing was told");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::corrupt);
        CHECK(std::string(error.what()).find("git fsck") != std::string::npos);
    }
}

TEST_CASE("git: named values and rows that somebody has spoiled stop nothing") {
    Place place;
    EventLog log;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    raw_sql(place.options.store.path,
            "INSERT OR REPLACE INTO named_values(name, value) VALUES('refused_above', 'x'), ('last_sync', "
            "'y'), ('loose_objects', '99999999999999999999')");
    raw_sql(place.options.store.path,
            "INSERT INTO ledger(path, entity, executable, base, committed, size, mtime_ns, ctime_ns, inode) "
            "VALUES('../a/../out.md', 1, 0, zeroblob(20), NULL, 0, 0, 0, 0)");
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    place.write("note/1.md", "edited\n");
    workspace.sync();
    CHECK(workspace.status().directory.last_error.empty());
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "edited");
    check_mended(place, workspace);
    CHECK(log.wait_for(warns("led out of the folder")));
}

}  // namespace fluentsync::flow
