#include "git/safe_directory.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "../../support/temp_folder.hpp"
#include "git/library.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;

namespace {

/// A person's configuration, in which libgit2 looks for what they trust.
class Configuration {
  public:
    Configuration() {
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, home_.path().c_str());
    }
    Configuration(const Configuration&) = delete;
    Configuration& operator=(const Configuration&) = delete;
    ~Configuration() { git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, nullptr); }
    void trust(const std::vector<std::string>& values) const {
        std::ofstream file(home_ / ".gitconfig");
        file << "[safe]\n";
        for (const std::string& value : values)
            file << "\tdirectory = " << value << "\n";
    }

  private:
    Library library_;
    support::TempFolder home_;
};

constexpr unsigned kSomebody = 1234;

void give_away(const std::string& folder) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
        REQUIRE(::lchown(file.path().c_str(), kSomebody, kSomebody) == 0);
    REQUIRE(::chown(folder.c_str(), kSomebody, kSomebody) == 0);
}

}  // namespace

TEST_CASE("safe.directory is read as git reads it") {
    const Configuration configuration;
    const auto safe = [&](const std::vector<std::string>& values) {
        configuration.trust(values);
        return is_safe_directory("/srv/git/notes.git");
    };
    CHECK_FALSE(safe({}));
    CHECK(safe({"/srv/git/notes.git"}));
    CHECK(safe({"/elsewhere", "/srv/git/notes.git/"}));
    CHECK_FALSE(safe({"/srv/git"}));
    CHECK_FALSE(safe({"/srv/git/notes"}));
    CHECK(safe({"*"}));
    CHECK(safe({"/srv/git/*"}));
    CHECK(safe({"/srv/*"}));
    CHECK_FALSE(safe({"/srv/gi*"}));
    CHECK_FALSE(safe({"*", ""}));
    CHECK(safe({"", "*"}));
}

TEST_CASE("a repository of another user is refused by name, and opened where it is trusted") {
    if (::geteuid() != 0) return;  // Nobody else may give files away.
    const Configuration configuration;
    RepoFixture fixture;
    give_away(fixture.folder());
    try {
        Repository::open(fixture.folder());
        FAIL("opened");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::repository);
        CHECK(std::string(error.what()).find("uid 1234") != std::string::npos);
        CHECK(std::string(error.what()).find("safe.directory") != std::string::npos);
    }
    configuration.trust({"*"});
    const Repository opened = Repository::open(fixture.folder());
    CHECK(opened.head().branch == "main");
    CHECK(other_owner(fixture.folder()) == kSomebody);
}

}  // namespace fluentsync::git
