#include <catch2/catch.hpp>
#include <string>

#include "base/clock.hpp"
#include "git/index.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;

namespace {

const std::string kBlob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// Entries of one blob at the given stage.
void stage(const RepoFixture& fixture, const std::string& path, int stage) {
    fixture.git("update-index --add --index-info",
                "100644 " + kBlob + " " + std::to_string(stage) + "\t" + path + "\n");
}

}  // namespace

TEST_CASE("index: conflicts are found in each version of the format, and only there") {
    RepoFixture fixture;
    CHECK_FALSE(fixture.repository().has_conflicts());  // There is no index yet.
    fixture.write("empty", "");
    fixture.git("add empty");
    const std::string version = GENERATE("2", "3", "4");
    const std::string long_name = std::string(4090, 'n') + "/" + std::string(200, 'm');
    for (const std::string& path :
         {std::string("a"), std::string("bb/ccccccc"), long_name, std::string("z")}) {
        stage(fixture, path, 0);
    }
    fixture.git("update-index --index-version " + version);
    if (version == "3") {
        fixture.write("meant", "later\n");
        fixture.git("add --intent-to-add meant");
    }
    CHECK_FALSE(fixture.repository().has_conflicts());
    fixture.git("update-index --force-remove z");
    stage(fixture, "z", 2);
    stage(fixture, "z", 3);
    CHECK(fixture.repository().has_conflicts());
    fixture.git("update-index --force-remove z");
    CHECK_FALSE(fixture.repository().has_conflicts());
}

TEST_CASE("index: one that is torn or strange tells of no conflicts") {
    RepoFixture fixture;
    fixture.write("a", "text\n");
    fixture.git("add a");
    const std::string damage =
        GENERATE("", "DIRC", "DIRC12345678", "no index at all, and long enough for one");
    fixture.write(".git/index", damage);
    CHECK_FALSE(fixture.repository().has_conflicts());
}

TEST_CASE("index: a lock is somebody's unless it is a second name of our draft or of the index, or old") {
    RepoFixture fixture;
    fixture.write("a", "text\n");
    fixture.git("add a");
    const auto now_ms = [] { return base::system_clock().wall_ms(); };
    const auto is_locked = [&] { return index_is_locked(fixture.repository(), now_ms()); };
    const std::string lock = fixture.dot_git("index.lock");
    CHECK_FALSE(is_locked());
    for (const char* ours : {"index.fluentsync", "index"}) {
        fixture.write(std::string(".git/") + ours + "2", "draft");
        std::filesystem::rename(fixture.dot_git(std::string(ours) + "2"), fixture.dot_git(ours));
        std::filesystem::create_hard_link(fixture.dot_git(ours), lock);
        CHECK_FALSE(is_locked());
        std::filesystem::remove(lock);
    }
    fixture.write(".git/index.lock", "");
    CHECK(is_locked());
    CHECK_FALSE(index_is_locked(fixture.repository(), now_ms() + 3'600'000));
    CHECK_FALSE(index_is_locked(fixture.repository(), now_ms() - 3'600'000));
}

}  // namespace fluentsync::git
