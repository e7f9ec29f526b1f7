// A file that can be no entity is listed as held, and git carries it all the same, byte for byte, both ways.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <optional>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

using support::BareRemote;

std::optional<Held> held_of(const Workspace& workspace, const std::string& path) {
    for (const Held& held : workspace.status().directory.held) {
        if (held.path == path) return held;
    }
    return std::nullopt;
}

/// HEAD has the file exactly as it is here.
bool in_head(const Place& place, const std::string& path) {
    const auto result =
        support::run_program({"git", "-C", place.root(), "rev-parse", "--verify", "-q", "HEAD:" + path});
    return result.exit_code == 0 &&
           result.output.substr(0, 40) == place.git({"hash-object", "--no-filters", "--", path});
}

void check_carried(Place& place, Workspace& workspace, const std::string& path, ErrorCode code) {
    CAPTURE(path);
    CHECK(in_head(place, path));
    const auto held = held_of(workspace, path);
    REQUIRE(held);
    CHECK(held->carried);
    CHECK(held->code == code);
}

void check_converged(const Place& place, Workspace& workspace) {
    CHECK(drifts(workspace).empty());
    CHECK(git_status(place).empty());
    const std::string head = place.head();
    workspace.sync();
    CHECK(place.head() == head);
}

const char* const kInvalid = "---\ntitle: A: b\n---\nbody\n";

}  // namespace

TEST_CASE("carried: what is no valid front matter is committed as it is [trap-13][trap-14]") {
    const std::string content =
        GENERATE(as<std::string>(), "---\ntitle: A: b\n---\nbody\n",
                 "---\ndate: {{date}}\ntitle: {{title}}\n---\nbody\n", "---\nup: [[A]], [[B]]\n---\nbody\n",
                 "---\n**A letterhead**\nStreet 1\n---\n\nDear reader\n", "---\nemoji: \"\\ud83d\"\n---\n",
                 "---\na:\t\t- x\n\tb: 1\n---\n", "---\na: 1\na: 2\n---\n", "---\na: &x 1\nb: *x\n---\n",
                 "---\na: !tag 1\n---\n", "---\ntitle: never closed\n", "caf\xe9 in Latin-1\r\n",
                 std::string("UTF\xff\xfe\0\0x", 9));
    CAPTURE(content.substr(0, 20));
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "good", "good once\n"});
    workspace.sync();
    place.write("note/new.md", content);
    place.write("note/good.md", content);
    workspace.sync();
    for (const char* path : {"note/new.md", "note/good.md"}) {
        CHECK(place.read(path) == content);
        CHECK(in_head(place, path));
        const auto held = held_of(workspace, path);
        REQUIRE(held);
        CHECK(held->carried);
    }
    CHECK(content_of(workspace, "note", "good") == "good once\n");
    CHECK(workspace.store().count() == 1);
    check_converged(place, workspace);

    place.write("note/new.md", "mended\n");
    place.write("note/good.md", "mended, too\n");
    workspace.sync();
    CHECK(content_of(workspace, "note", "new") == "mended\n");
    CHECK(content_of(workspace, "note", "good") == "mended, too\n");
    CHECK(held_paths(workspace).empty());
    CHECK(workspace.store().conflicts().empty());
    CHECK(in_head(place, "note/new.md"));
    CHECK(in_head(place, "note/good.md"));
    check_converged(place, workspace);
}

TEST_CASE("carried: a file goes back to what its entity is") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "good\n"});
    workspace.sync();
    place.write("note/a.md", kInvalid);
    workspace.sync();
    check_carried(place, workspace, "note/a.md", ErrorCode::invalid_front_matter);
    place.write("note/a.md", "good\n");
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(in_head(place, "note/a.md"));
    check_converged(place, workspace);
}

TEST_CASE("carried: a carried file that is removed goes from git, guarded like any other") {
    Place place;
    Workspace workspace(place.options);
    for (int i = 0; i < 10; ++i)
        workspace.store().put({"note", "company " + std::to_string(i), "company\n"});
    workspace.sync();
    place.write("note/new.md", kInvalid);
    place.write("note/company 1.md", kInvalid);
    workspace.sync();
    place.remove("note/new.md");
    place.remove("note/company 1.md");
    workspace.sync();
    CHECK(held_paths(workspace).empty());
    CHECK(tree_paths(place).find("new.md") == std::string::npos);
    CHECK(tree_paths(place).find("company 1.md") == std::string::npos);
    CHECK(workspace.store().count() == 9);
    check_converged(place, workspace);
}

TEST_CASE("carried: the host writes an entity whose file is no content: nothing is lost [trap-14]") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\ntwo\nthree\n"});
    workspace.sync();
    place.write("note/a.md", kInvalid);
    workspace.sync();
    workspace.store().put({"note", "a", "one\ntwo\nthree, by the host\n"});
    workspace.sync();
    CHECK(place.read("note/a.md") == kInvalid);
    check_carried(place, workspace, "note/a.md", ErrorCode::invalid_front_matter);
    CHECK(content_of(workspace, "note", "a") == "one\ntwo\nthree, by the host\n");
    place.write("note/a.md", "one, by hand\ntwo\nthree\n");
    workspace.sync();
    CHECK(place.read("note/a.md") == "one, by hand\ntwo\nthree, by the host\n");
    CHECK(content_of(workspace, "note", "a") == place.read("note/a.md"));
    check_converged(place, workspace);
}

TEST_CASE(
    "carried: an emptied file takes the place of no version; an empty one that is new is carried "
    "[trap-13]") {
    const std::string blank = GENERATE(as<std::string>(), "", " \n", "---\n---\n");
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "good\n"});
    place.write("note/bad.md", kInvalid);
    workspace.sync();
    const std::string head = place.head();
    place.write("note/a.md", blank);
    place.write("note/bad.md", blank);
    workspace.sync();
    CHECK(place.head() == head);
    CHECK(held_paths(workspace) == std::set<std::string>{"note/a.md", "note/bad.md"});
    CHECK_FALSE(held_of(workspace, "note/a.md")->carried);
    CHECK(content_of(workspace, "note", "a") == "good\n");
    CHECK(drifts(workspace).empty());

    place.write("note/new.md", blank);
    workspace.sync();
    CHECK(in_head(place, "note/new.md"));
    CHECK(content_of(workspace, "note", "new") == blank);  // HEAD vouches for it.
    place.write("note/a.md", "good again\n");
    place.write("note/bad.md", "mended\n");
    workspace.sync();
    CHECK(content_of(workspace, "note", "bad") == "mended\n");
    check_converged(place, workspace);
}

TEST_CASE("carried: a blank note of HEAD's is an entity in a clone and on a machine that pulls it") {
    BareRemote remote;
    support::write_file(remote.person() + "/note/empty.md", "");
    support::write_file(remote.person() + "/note/full.md", "full\n");
    person_pushes(remote);
    Place cloned;
    support::must_run({"git", "clone", "-q", remote.path(), cloned.root()});
    Workspace first(with_remote(cloned, remote.path()));
    first.sync();
    Place pulled;
    Workspace second(with_remote(pulled, remote.path()));
    second.sync();
    for (Workspace* workspace : {&first, &second}) {
        CHECK(content_of(*workspace, "note", "empty").empty());
        CHECK(held_paths(*workspace).empty());
        CHECK(drifts(*workspace).empty());
    }
    CHECK(cloned.head() == pulled.head());
}

TEST_CASE("carried: what is no content travels between machines and is merged like plain text") {
    BareRemote remote;
    Place here;
    Workspace first(with_remote(here, remote.path()));
    first.store().put({"note", "known", "good\n"});
    first.sync();
    Place there;
    Workspace second(with_remote(there, remote.path()));
    second.sync();
    here.write("note/known.md", kInvalid);
    here.write("note/new.md", std::string(kInvalid) + "1\n2\n3\n4\n5\n");
    first.sync();
    second.sync();
    check_carried(there, second, "note/known.md", ErrorCode::invalid_front_matter);
    check_carried(there, second, "note/new.md", ErrorCode::invalid_front_matter);
    CHECK(there.read("note/known.md") == kInvalid);
    CHECK(content_of(second, "note", "known") == "good\n");
    CHECK(second.store().count() == 1);
    check_converged(there, second);

    here.write("note/new.md", std::string(kInvalid) + "1, here\n2\n3\n4\n5\n");
    there.write("note/new.md", std::string(kInvalid) + "1\n2\n3\n4\n5, there\n");
    const bool committed = GENERATE(true, false);
    if (committed) {
        second.git().commit("there");
    }
    first.sync();
    second.sync();
    first.sync();
    CHECK(here.read("note/new.md") == std::string(kInvalid) + "1, here\n2\n3\n4\n5, there\n");
    CHECK(there.read("note/new.md") == here.read("note/new.md"));
    CHECK(first.store().conflicts().empty());
    CHECK(second.store().conflicts().empty());
    check_carried(here, first, "note/new.md", ErrorCode::invalid_front_matter);

    here.write("note/new.md", "from here\n");
    there.write("note/new.md", "---\nx: y: z\n---\nfrom there\n");
    first.sync();
    second.sync();
    first.sync();
    CHECK(there.read("note/new.md") == here.read("note/new.md"));
    CHECK(second.store().conflicts().size() == 1);
    CHECK(here.head() == there.head());

    here.write("note/known.md", "mended\n");
    first.sync();
    second.sync();
    CHECK(content_of(second, "note", "known") == "mended\n");
    CHECK_FALSE(held_of(second, "note/known.md"));
    check_converged(here, first);
    check_converged(there, second);
}

TEST_CASE("carried: a person's commit of such a file is no difference") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "good\n"});
    workspace.sync();
    place.write("note/a.md", kInvalid);
    place.write("note/b.md", kInvalid);
    place.git({"add", "-A"});
    place.git({"commit", "-q", "-m", "by a person"});
    const std::string head = place.head();
    workspace.sync();
    CHECK(place.head() == head);
    check_carried(place, workspace, "note/a.md", ErrorCode::invalid_front_matter);
    check_carried(place, workspace, "note/b.md", ErrorCode::invalid_front_matter);
    check_converged(place, workspace);
}

TEST_CASE("carried: a file over the limit is in no commit, and HEAD keeps what it has") {
    Place place;
    place.options.directory.max_import_file_bytes = 1000;
    Workspace workspace(place.options);
    place.write("note/a.md", kInvalid);
    workspace.sync();
    const std::string head = place.head();
    place.write("note/a.md", std::string(1001, 'x'));
    place.write("note/b.md", std::string(1001, 'x'));
    workspace.sync();
    CHECK(place.head() == head);
    CHECK_FALSE(held_of(workspace, "note/a.md")->carried);
    CHECK_FALSE(held_of(workspace, "note/b.md")->carried);
    CHECK(drifts(workspace).empty());
    place.write("note/a.md", "small\n");
    workspace.sync();
    CHECK(in_head(place, "note/a.md"));
}

TEST_CASE("carried: a name that some system refuses") {
    const std::string path = GENERATE(as<std::string>(), "note/Why?.md", "note/Part 1: Start.md",
                                      "note/CON.md", "note/a*b.md", "dots./a.md", "space /a.md", "CON/x.md",
                                      "what?/a b.md", "note/nul.txt.md", "note/a|b \"c\" <d>.md");
    CAPTURE(path);
    BareRemote remote;
    Place here;
    Workspace first(with_remote(here, remote.path()));
    here.write("note/plain.md", "plain\n");
    here.write(path, "text\n");
    first.sync();
    check_carried(here, first, path, ErrorCode::invalid_key);
    CHECK(first.store().count() == 1);
    check_converged(here, first);
    Place there;
    Workspace second(with_remote(there, remote.path()));
    second.sync();
    CHECK(there.read(path) == "text\n");
    check_carried(there, second, path, ErrorCode::invalid_key);
    there.write(path, "text, edited\n");
    second.sync();
    first.sync();
    CHECK(here.read(path) == "text, edited\n");
    check_carried(here, first, path, ErrorCode::invalid_key);
    here.remove(path);
    here.write("note/renamed.md", "text, edited\n");
    first.sync();
    second.sync();
    CHECK_FALSE(there.has(path));
    CHECK(held_paths(first).empty());
    CHECK(held_paths(second).empty());
    check_converged(there, second);
}

TEST_CASE("carried: an option asks for portable names") {
    Place place;
    place.options.directory.portable_names = true;
    {
        Workspace workspace(place.options);
        workspace.store().put({"note", "a", "a\n"});
        place.write("note/Why?.md", "text\n");
        workspace.sync();
        CHECK(tree_paths(place) == "note/a.md");
        REQUIRE(held_of(workspace, "note/Why?.md"));
        CHECK_FALSE(held_of(workspace, "note/Why?.md")->carried);
    }
    place.options.directory.portable_names = false;
    Workspace workspace(place.options);
    workspace.sync();
    check_carried(place, workspace, "note/Why?.md", ErrorCode::invalid_key);
}

TEST_CASE("carried: of real vaults every file ends in a commit") {
    const char* named = std::getenv("FLUENTSYNC_TEST_DATA");
    const std::string data = named != nullptr ? named : FLUENTSYNC_SHARED_DATA;
    if (!std::filesystem::exists(data + "/rust-rfcs.tar.xz")) {
        WARN("skipped: no test data at " << data);
        return;
    }
    Place place;
    std::filesystem::create_directories(place.root());
    const bool rfcs = GENERATE(true, false);
    if (rfcs) {
        support::must_run({"tar", "-xf", data + "/rust-rfcs.tar.xz", "-C", place.root()});
    } else {
        support::must_run({"git", "clone", "-q", data + "/brain-content.bundle", place.root()});
        std::filesystem::remove_all(place.file(".git"));
    }
    Workspace workspace(place.options);
    workspace.sync();
    CHECK(git_status(place).empty());
    CHECK(place.git({"ls-files", "--others", "--exclude-standard"}).empty());
    CHECK(drifts(workspace).empty());
}

}  // namespace fluentsync::flow
