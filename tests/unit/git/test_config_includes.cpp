// Git's own program says which URLs a pattern of includeIf.hasconfig means; we have to come to the same.
#include "git/config_includes.hpp"

#include "repo_fixture.hpp"

namespace fluentsync::git::test {

TEST_CASE("a URL's pattern matches as git has it match") {
    RepoFixture repo;
    repo.write("included", "[test]\n\tincluded = yes\n");
    const std::vector<std::string> patterns{"https://example.com/**",
                                            "https://example.com/*",
                                            "https://**",
                                            "https://**/two",
                                            "**/two",
                                            "**",
                                            "*",
                                            "https://example.com/**/two",
                                            "https://ex*.com/one/two",
                                            "https://ex?mple.com/o[a-n]e/two",
                                            "https://example.com/one/t[!w]o",
                                            "https://example.com/one/[[:alpha:]]wo",
                                            "https://example.com/o\\ne/two",
                                            "https://example.com/one**two",
                                            "https://example.com/one/two/**",
                                            "git@example.com:*/**",
                                            "git@example.com:one/two[",
                                            ""};
    for (const std::string& pattern : patterns) {
        for (const std::string url :
             {"https://example.com/one/two", "https://example.com/two", "git@example.com:one/two", "two"}) {
            INFO(pattern << " and " << url);
            repo.write(
                "configuration",
                "[remote \"origin\"]\n\turl = " + url + "\n" +
                    lines_of_config("includeIf.hasconfig:remote.*.url:" + pattern + ".path", "included"));
            const bool matches = repo.git_succeeds("config --file configuration --includes test.included");
            CHECK(matches_url(pattern, url) == matches);
        }
    }
}

}  // namespace fluentsync::git::test
