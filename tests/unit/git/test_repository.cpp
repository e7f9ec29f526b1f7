#include <sys/inotify.h>
#include <unistd.h>

#include <optional>
#include <set>
#include <string>

#include "../../support/other_home.hpp"
#include "failing_access.hpp"
#include "git/leftovers.hpp"
#include "git/stale_lock.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;
namespace fs = std::filesystem;

TEST_CASE("a repository is opened where it is, and nowhere above") {
    RepoFixture fixture;
    REQUIRE(Repository::exists(fixture.folder()));
    REQUIRE(Repository::open(fixture.folder()).folder() == fixture.folder());

    fixture.write("below/file.md", "x");
    const std::string below = fixture.folder() + "/below";
    REQUIRE_FALSE(Repository::exists(below));
    REQUIRE(code_of([&] { Repository::open(below); }) == ErrorCode::repository);
    REQUIRE(code_of([&] { Repository::init(fixture.folder(), "main"); }) == ErrorCode::repository);
}

TEST_CASE("bare repositories and git folders are refused") {
    RepoFixture fixture;
    fixture.git("init -q --bare bare.git");
    const std::string bare = fixture.folder() + "/bare.git";
    REQUIRE(Repository::exists(bare));
    REQUIRE(code_of([&] { Repository::open(bare); }) == ErrorCode::repository);
    REQUIRE(code_of([&] { Repository::open(fixture.folder() + "/.git"); }) == ErrorCode::repository);
}

TEST_CASE("knows_object leaves new packs to has_object") {
    RepoFixture fixture;
    const Repository& repository = fixture.repository();
    REQUIRE_FALSE(repository.has_object(base::hash_blob("packed\n")));
    fixture.write("packed.md", "packed\n");
    fixture.git("add packed.md");
    REQUIRE(repository.knows_object(base::hash_blob("packed\n")));
    fixture.git("commit -q -m packed");
    fixture.git("repack -q -a -d");
    REQUIRE_FALSE(repository.knows_object(base::hash_blob("packed\n")));
    REQUIRE(repository.has_object(base::hash_blob("packed\n")));
    REQUIRE(repository.knows_object(base::hash_blob("packed\n")));
}

TEST_CASE("a damaged repository is named, an unfinished one made again [trap-34]") {
    RepoFixture fixture;
    fixture.git("commit -q --allow-empty -m first");
    fs::remove(fixture.dot_git("HEAD"));
    REQUIRE(Repository::exists(fixture.folder()));
    REQUIRE(code_of([&] { Repository::open(fixture.folder()); }) == ErrorCode::repository);

    const std::string half = fixture.folder() + "/half";
    fs::create_directories(half + "/.git/objects");
    REQUIRE_FALSE(Repository::exists(half));
    REQUIRE(Repository::init(half, "main").head().branch == "main");
}

TEST_CASE("blobs are read whole, within the limit") {
    RepoFixture fixture;
    const std::string content("a\0b\r\n", 5);
    const auto id = fixture.blob(content);
    REQUIRE(fixture.repository().has_object(id));
    REQUIRE(fixture.repository().blob(id, 5) == content);
    REQUIRE(code_of([&] { fixture.repository().blob(id, 4); }) == ErrorCode::too_large);
    const auto missing = base::hash_blob("not there");
    REQUIRE_FALSE(fixture.repository().has_object(missing));
    REQUIRE(code_of([&] { fixture.repository().blob(missing, 100); }) == ErrorCode::corrupt);
    const auto tree = fixture.tree(std::nullopt, {fixture.put("a", "b")});
    REQUIRE(code_of([&] { fixture.repository().blob(tree, 100); }) == ErrorCode::repository);
}

TEST_CASE("what a person is in the middle of has a name [trap-35]") {
    RepoFixture fixture;
    fixture.write("a.md", "one\n");
    fixture.git("add a.md && git commit -q -m one && git checkout -q -b side");
    fixture.write("a.md", "side\n");
    fixture.git("commit -q -a -m side && git checkout -q main");
    fixture.write("a.md", "main\n");
    fixture.git("commit -q -a -m main");
    REQUIRE(fixture.repository().operation_in_progress() == "");

    REQUIRE_FALSE(fixture.git_succeeds("merge side"));
    REQUIRE(fixture.repository().operation_in_progress() == "a merge");
    fixture.git("merge --abort");
    REQUIRE_FALSE(fixture.git_succeeds("cherry-pick side"));
    REQUIRE(fixture.repository().operation_in_progress() == "a cherry-pick");
    fixture.git("cherry-pick --abort");
    REQUIRE_FALSE(fixture.git_succeeds("rebase side"));
    REQUIRE(fixture.repository().operation_in_progress() == "a rebase");
    fixture.git("rebase --abort");
    REQUIRE_FALSE(fixture.git_succeeds("revert side"));
    REQUIRE(fixture.repository().operation_in_progress() == "a revert");
    fixture.git("revert --abort && git bisect start");
    REQUIRE(fixture.repository().operation_in_progress() == "a bisect");
    fixture.git("bisect reset");
    REQUIRE(fixture.repository().operation_in_progress() == "");
}

TEST_CASE("identity comes from the configuration, whole or not at all") {
    RepoFixture fixture;
    const auto identity = fixture.repository().configured_identity(git::Role::author);
    REQUIRE(identity);
    REQUIRE(identity->name == "Tester");
    REQUIRE(identity->email == "tester@example.org");
    fixture.git("config user.email ''");
    REQUIRE_FALSE(fixture.repository().configured_identity(git::Role::author));
}

TEST_CASE("a remote is configured without its secrets, and never changed [trap-31]") {
    RepoFixture fixture;
    REQUIRE(fixture.repository().remote_url("origin") == "");
    fixture.repository().ensure_remote("origin", "https://me:s3cret@git.example/brain.git");
    REQUIRE(fixture.repository().remote_url("origin") == "https://git.example/brain.git");
    fixture.repository().ensure_remote("origin", "https://other.example/x.git");
    REQUIRE(fixture.git_line("remote get-url origin") == "https://git.example/brain.git");
    REQUIRE(fixture.git_line("config remote.origin.fetch") == "+refs/heads/*:refs/remotes/origin/*");
    REQUIRE(fixture.git("config --list").find("s3cret") == std::string::npos);
    REQUIRE(code_of([&] { fixture.repository().ensure_remote("a..b", "/x"); }) == ErrorCode::repository);
}

TEST_CASE("a remote is written to the repository's own configuration and to no other [trap-31]") {
    RepoFixture fixture;
    fixture.write("home/.gitconfig", "");
    const std::string theirs = GENERATE("", "/srv/git/theirs.git");
    if (!theirs.empty()) fixture.git("remote add origin " + theirs);
    const support::OtherHome home(fixture.folder() + "/home");
    std::optional<Repository> repository;
    {
        const test::FailingAccess unreadable(fixture.dot_git("config"), R_OK);
        repository.emplace(Repository::open(fixture.folder()));
    }
    repository->ensure_remote("origin", "/srv/git/brain.git");
    CHECK(fs::file_size(fs::path(fixture.folder()) / "home/.gitconfig") == 0);
    CHECK(fixture.git_line("config -f .git/config remote.origin.url") ==
          (theirs.empty() ? "/srv/git/brain.git" : theirs));
}

TEST_CASE(
    "a remote comes into the configuration at one stroke: a crash leaves all of it or nothing [trap-28]") {
    RepoFixture fixture;
    const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    REQUIRE(::inotify_add_watch(watch, fixture.dot_git("").c_str(), IN_MOVED_TO | IN_CREATE) >= 0);
    fixture.repository().ensure_remote("origin", "/srv/git/brain.git");
    alignas(inotify_event) char bytes[4096];
    const ssize_t length = ::read(watch, bytes, sizeof bytes);
    ::close(watch);
    int put_in_place = 0;
    for (ssize_t at = 0; at < length;) {
        const auto* event = reinterpret_cast<const inotify_event*>(bytes + at);
        put_in_place += event->len > 0 && std::string(event->name) == "config" ? 1 : 0;
        at += static_cast<ssize_t>(sizeof *event + event->len);
    }
    REQUIRE(put_in_place == 1);
    REQUIRE(fixture.git_line("config remote.origin.fetch") == "+refs/heads/*:refs/remotes/origin/*");
}

TEST_CASE("a configuration's lock left by a crash is taken away, a live one respected [trap-28]") {
    RepoFixture fixture;
    const std::string lock = fixture.dot_git("config.lock");
    const auto add = [&] { fixture.repository().ensure_remote("origin", "/srv/git/brain.git"); };
    fixture.write(".git/config.lock", "[core]\n\tbare");
    REQUIRE(code_of(add) == ErrorCode::repository_busy);
    std::filesystem::last_write_time(lock,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    REQUIRE(code_of(add) == ErrorCode::ok);
    REQUIRE(fixture.repository().remote_url("origin") == "/srv/git/brain.git");
    REQUIRE_FALSE(std::filesystem::exists(lock));
}

TEST_CASE("a repository whose making was cut short under a lock is made all the same [trap-28]") {
    const std::string name = GENERATE("HEAD.lock", "config.lock");
    RepoFixture fixture;
    const fs::path folder = fs::path(fixture.folder()) / "half";
    const fs::path lock = folder / ".git" / name;
    fs::create_directories(folder / ".git" / "refs" / "heads");
    fixture.write("half/.git/" + name, "ref: refs/");
    const auto init = [&] { Repository::init(folder.string(), "main"); };
    CHECK(code_of(init) == ErrorCode::repository_busy);
    fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::hours(1));
    CHECK(code_of(init) == ErrorCode::ok);
    CHECK_FALSE(fs::exists(lock));
    CHECK(Repository::open(folder.string()).head().branch == "main");
}

TEST_CASE("a lock that a crash left when its file was in place already is taken away at once [trap-28]") {
    const std::string name = GENERATE("HEAD", "config", "refs/heads/main");
    const bool finished = GENERATE(true, false);
    RepoFixture fixture;
    fixture.git("commit -q --allow-empty -m first");
    const fs::path file = fixture.dot_git(name);
    const fs::path lock = file.string() + ".lock";
    if (finished) {
        fs::create_hard_link(file, lock);
        fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::seconds(10));
    } else {
        fs::copy_file(file, lock);
    }
    remove_leftovers(fixture.repository().raw());
    remove_stale_lock(fixture.repository().raw(), "refs/heads/main");
    CHECK(fs::exists(lock) != finished);
    CHECK(fs::exists(file));
}

TEST_CASE("what a making that was cut short tried out in the work tree is taken away [trap-28]") {
    RepoFixture fixture;
    const fs::path folder = fs::path(fixture.folder()) / "half";
    fs::create_directories(folder / ".git" / "refs" / "heads");
    fs::create_symlink("testing", folder / "_git2_52c63f6d21dccef6");
    fs::create_symlink("elsewhere", folder / "_git2_link");
    fixture.write("half/_git2_0123456789abcdef", "");
    fixture.write("half/_git2_notes.md", "a person's\n");
    fixture.write("half/_git2_todo.md", "");
    Repository::init(folder.string(), "main");
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    CHECK(names == std::set<std::string>{".git", "_git2_link", "_git2_notes.md", "_git2_todo.md"});
}

TEST_CASE("temporaries that a crash left are taken away, young ones and git's stay [trap-28]") {
    RepoFixture fixture;
    const auto id = fixture.blob("kept\n");
    const std::vector<std::string> names = {"objects/tmp_object_git2_1", "objects/pack/pack_git2_2",
                                            "objects/pack/pack_git2_2idx.lock",
                                            "objects/pack/fluentsync_part_4", "objects/pack/tmp_pack_3"};
    for (const std::string& name : names) {
        fixture.write(".git/" + name, "half");
        std::filesystem::last_write_time(
            fixture.dot_git(name), std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
    }
    fixture.write(".git/objects/pack/pack_git2_young", "somebody writes");
    remove_leftovers(fixture.repository().raw());
    REQUIRE_FALSE(std::filesystem::exists(fixture.dot_git(names[0])));
    REQUIRE_FALSE(std::filesystem::exists(fixture.dot_git(names[1])));
    REQUIRE_FALSE(std::filesystem::exists(fixture.dot_git(names[2])));
    REQUIRE_FALSE(std::filesystem::exists(fixture.dot_git(names[3])));
    REQUIRE(std::filesystem::exists(fixture.dot_git(names[4])));
    REQUIRE(std::filesystem::exists(fixture.dot_git("objects/pack/pack_git2_young")));
    REQUIRE(fixture.repository().has_object(id));
}

}  // namespace fluentsync::git
