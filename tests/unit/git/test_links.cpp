#include <catch2/catch.hpp>

#include "git/links.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git::test {

TEST_CASE("links: only what surely leads to a place in the folder stays inside") {
    const std::string path = "a/b/link";
    for (const char* target :
         {"c", "./c", "../c", "../../c", "../../a/b/c", "../b/c/d.md", "c/./d", "..", ".", "c/", "c//d"}) {
        INFO(target);
        CHECK(stays_inside(path, target));
    }
    for (const char* target :
         {"", "/", "/a",

          "../..", "../../..", "../../../c", "../../../a/b/c", "c/../d", "c/..",

          ".git", "../../.git/config", "../../.GIT/hooks", "c/.git/config", "../../git~1/x", ".fluentsync",
          "../../.fluentsync/store.db", "c\\d", "c\nd", "\xff"}) {
        INFO(target);
        CHECK_FALSE(stays_inside(path, target));
    }
    CHECK_FALSE(stays_inside("link", std::string("c\0d", 3)));
    CHECK_FALSE(stays_inside("link", "../c"));
}

TEST_CASE(
    "links: what git reads rules from, what is too long, and what the configuration forbids is not made") {
    RepoFixture fixture;
    const auto blob = [&](const std::string& target) {
        return *base::ObjectId::from_hex(fixture.git_line("hash-object -w --stdin", target));
    };
    const auto fit = blob("c");
    CHECK(unfit_link(fixture.repository(), "a/link", fit).empty());
    CHECK(link_target(fixture.repository(), fit) == "c");
    for (const char* path : {".gitignore", "a/.GitAttributes", ".gitmodules"}) {
        CHECK_FALSE(unfit_link(fixture.repository(), path, fit).empty());
    }
    CHECK_FALSE(unfit_link(fixture.repository(), "link", blob(std::string(5000, 'x'))).empty());
    fixture.git("config core.symlinks false");
    CHECK_FALSE(unfit_link(fixture.repository(), "a/link", fit).empty());
}

}  // namespace fluentsync::git::test
