#include <catch2/catch.hpp>
#include <filesystem>

#include "../../support/bare_remote.hpp"
#include "../../support/other_home.hpp"
#include "../../support/program.hpp"
#include "../../support/temp_folder.hpp"
#include "git/remote_rewrite.hpp"
#include "git/remote_url.hpp"
#include "git/repository.hpp"

using namespace fluentsync::support;
using fluentsync::git::file_url;
using fluentsync::git::local_path;
using fluentsync::git::origin_of;
using fluentsync::git::Repository;
using fluentsync::git::rewritten_url;

TEST_CASE("local remotes are told from others as git tells them") {
    CHECK(local_path("/a/b.git") == "/a/b.git");
    CHECK(local_path("/a:b/c") == "/a:b/c");
    CHECK(local_path("./a:b") == (std::filesystem::current_path() / "a:b").string());
    CHECK(local_path("a/../b") == (std::filesystem::current_path() / "b").string());
    CHECK(local_path("file:///a%20b/%c3%A9%zz%") == "/a b/é%zz%");
    CHECK(local_path("file://localhost/a") == "/a");
    CHECK_FALSE(local_path("https://host/a"));
    CHECK_FALSE(local_path("host:a/b"));
    CHECK_FALSE(local_path("user@host:/a"));
    CHECK_FALSE(local_path(""));
}

TEST_CASE("a path survives the way through a URL") {
    for (const char* path : {"/a", "/a b/é:%41~", "/?#&+"})
        CHECK(local_path(file_url(path)) == path);
    CHECK(file_url("/a b") == "file:///a%20b");
}

TEST_CASE("the configuration's insteadOf rules hold: the longest wins, a push has its own") {
    const TempFolder folder;
    const auto repository = Repository::init(folder / "local", "main");
    run_git(repository.folder(), {"config", "url./mirror/.insteadOf", "https://host/"});
    run_git(repository.folder(), {"config", "url.git://Other/x/.insteadOf", "https://host/team/"});
    run_git(repository.folder(), {"config", "url.ssh://push/.pushInsteadOf", "https://host/"});
    CHECK(rewritten_url(repository.raw(), "https://host/a", GIT_DIRECTION_FETCH).url == "/mirror/a");
    CHECK(rewritten_url(repository.raw(), "https://host/team/a", GIT_DIRECTION_FETCH).url ==
          "git://Other/x/a");
    CHECK(rewritten_url(repository.raw(), "https://host/a", GIT_DIRECTION_PUSH).url == "ssh://push/a");
    CHECK(rewritten_url(repository.raw(), "https://elsewhere/a", GIT_DIRECTION_PUSH).url ==
          "https://elsewhere/a");
}

TEST_CASE("the origin of a URL is its scheme, host and port, whatever else it says") {
    CHECK(origin_of("https://host/a") == "https://host:443");
    CHECK(origin_of("HTTPS://me:a@b@Host:443/a") == "https://host:443");
    CHECK(origin_of("http://host") == "http://host:80");
    CHECK(origin_of("http://[::1]/x") == "http://[::1]:80");
    CHECK(origin_of("http://[::1]:8080/x") == "http://[::1]:8080");
    CHECK(origin_of("https://host?@evil") == "https://host:443");
    CHECK(origin_of("https://host\\@evil") == "https://host:443");
    CHECK(origin_of("git://host:/x") == "git://host:9418");
    CHECK(origin_of("/srv/git/x") == "");
    CHECK(origin_of("host:x") == "");
}

TEST_CASE("a rule of the repository's own configuration is told from the person's") {
    const TempFolder folder;
    const OtherHome home(folder.path());
    write_file(folder / ".gitconfig", "[url \"https://mine/\"]\n\tinsteadOf = https://host/\n");
    const auto repository = Repository::init(folder / "local", "main");
    const auto person = rewritten_url(repository.raw(), "https://host/a", GIT_DIRECTION_FETCH);
    CHECK(person.url == "https://mine/a");
    CHECK_FALSE(person.by_repository);
    run_git(repository.folder(), {"config", "url.https://evil/.insteadOf", "https://host/a"});
    const auto repositorys = rewritten_url(repository.raw(), "https://host/a", GIT_DIRECTION_FETCH);
    CHECK(repositorys.url == "https://evil/");
    CHECK(repositorys.by_repository);
}
