#include <catch2/catch.hpp>
#include <filesystem>

#include "git/remote_url.hpp"

using fluentsync::git::file_url;
using fluentsync::git::local_path;

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
