#include <sys/stat.h>
#include <sys/time.h>

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

void make_older(const std::string& path, long seconds) {
    timeval now{};
    ::gettimeofday(&now, nullptr);
    const timeval times[2] = {{now.tv_sec - seconds, 0}, {now.tv_sec - seconds, 0}};
    REQUIRE(::utimes(path.c_str(), times) == 0);
}

}  // namespace

TEST_CASE("HEAD: unborn, born, detached, on another branch, broken [trap-34]") {
    RepoFixture fixture;
    auto head = fixture.repository().head();
    REQUIRE(head.branch == "main");
    REQUIRE_FALSE(head.commit);
    REQUIRE_FALSE(head.detached);

    fixture.repository().set_unborn_branch("wiki/trunk");
    REQUIRE(fixture.repository().head().branch == "wiki/trunk");
    const auto commit = fixture.commit(fixture.tree(std::nullopt, {}), {});
    fixture.repository().move_ref("refs/heads/wiki/trunk", commit, std::nullopt, "first");
    head = fixture.repository().head();
    REQUIRE(head.branch == "wiki/trunk");
    REQUIRE(head.commit == commit);
    REQUIRE(code_of([&] { fixture.repository().set_unborn_branch("main"); }) == ErrorCode::misuse);
    REQUIRE(code_of([&] { fixture.repository().set_unborn_branch("a..b"); }) == ErrorCode::invalid_argument);

    fixture.git("checkout -q --detach");
    head = fixture.repository().head();
    REQUIRE(head.detached);
    REQUIRE(head.branch == "");
    REQUIRE(head.commit == commit);

    fixture.write(".git/HEAD", "ref: refs/tags/v1\n");
    REQUIRE(code_of([&] { fixture.repository().head(); }) == ErrorCode::repository);
    fixture.write(".git/HEAD", "garbage\n");
    REQUIRE(code_of([&] { fixture.repository().head(); }) == ErrorCode::repository);
}

TEST_CASE("a reference moves by compare-and-set, with a reflog entry") {
    RepoFixture fixture;
    auto& repository = fixture.repository();
    const auto tree = fixture.tree(std::nullopt, {});
    const auto first = fixture.commit(tree, {});
    const auto second = fixture.commit(tree, {first});
    const std::string name = "refs/heads/main";

    REQUIRE_FALSE(repository.ref(name));
    REQUIRE(code_of([&] { repository.move_ref(name, second, first, "x"); }) == ErrorCode::ref_moved);
    repository.move_ref(name, first, std::nullopt, "commit (initial): hello");
    REQUIRE(repository.ref(name) == first);
    REQUIRE(code_of([&] { repository.move_ref(name, second, std::nullopt, "x"); }) == ErrorCode::ref_moved);
    REQUIRE(code_of([&] { repository.move_ref(name, second, second, "x"); }) == ErrorCode::ref_moved);
    repository.move_ref(name, second, first, "commit: again");
    REQUIRE(repository.ref(name) == second);
    REQUIRE(fixture.git_line("rev-parse HEAD") == second.hex());
    REQUIRE(fixture.git_line("reflog show main --format=%gs") == "commit: again\ncommit (initial): hello");
    REQUIRE(fixture.git_line("reflog show HEAD --format=%gs") == "commit: again\ncommit (initial): hello");
    REQUIRE(fixture.git_line("symbolic-ref HEAD") == name);

    fixture.git("pack-refs --all");
    repository.move_ref(name, first, second, "back");
    REQUIRE(fixture.git_line("rev-parse main") == first.hex());
    fixture.git("pack-refs --all");
    REQUIRE(code_of([&] { repository.move_ref(name + "/x", first, std::nullopt, "x"); }) ==
            ErrorCode::repository);
    REQUIRE(code_of([&] { repository.move_ref("refs/heads", first, std::nullopt, "x"); }) ==
            ErrorCode::repository);
    REQUIRE(code_of([&] { repository.move_ref("refs/heads/a..b", first, std::nullopt, "x"); }) ==
            ErrorCode::invalid_argument);
    REQUIRE(code_of([&] {
                repository.move_ref("refs/heads/y", base::hash_blob("none"), std::nullopt, "x");
            }) == ErrorCode::repository);
    fixture.require_clean_fsck();
}

TEST_CASE("a lock left by a crash is taken away, a live one respected [trap-28]") {
    RepoFixture fixture;
    auto& repository = fixture.repository();
    const auto tree = fixture.tree(std::nullopt, {});
    const auto first = fixture.commit(tree, {});
    const auto second = fixture.commit(tree, {first});
    const std::string name = "refs/heads/main";
    repository.move_ref(name, first, std::nullopt, "first");
    const std::string lock = fixture.dot_git(name + ".lock");
    const auto move = [&] { repository.move_ref(name, second, first, "second"); };

    fixture.write(".git/refs/heads/main.lock", "");
    REQUIRE(code_of(move) == ErrorCode::repository_busy);
    REQUIRE(fs::exists(lock));

    SECTION("old and empty") {
        make_older(lock, 120);
    }
    SECTION("old with an id of ours") {
        fixture.write(".git/refs/heads/main.lock", second.hex() + "\n");
        make_older(lock, 120);
    }
    SECTION("old with half an id: the crash came in the middle of the write") {
        fixture.write(".git/refs/heads/main.lock", second.hex().substr(0, 20));
        make_older(lock, 120);
    }
    SECTION("old with words that are not ours") {
        fixture.write(".git/refs/heads/main.lock", "somebody's note");
        make_older(lock, 120);
        REQUIRE(code_of(move) == ErrorCode::repository_busy);
        REQUIRE(fs::exists(lock));
        return;
    }
    SECTION("old with an unknown id") {
        fixture.write(".git/refs/heads/main.lock", base::hash_blob("none").hex() + "\n");
        make_older(lock, 120);
        REQUIRE(code_of(move) == ErrorCode::repository_busy);
        return;
    }
    REQUIRE(code_of(move) == ErrorCode::ok);
    REQUIRE(repository.ref(name) == second);
    REQUIRE_FALSE(fs::exists(lock));
}

TEST_CASE("history: ancestors, common ones, ahead and behind [trap-22]") {
    RepoFixture fixture;
    auto& repository = fixture.repository();
    const auto tree = fixture.tree(std::nullopt, {fixture.put("a", "b")});
    const auto root = fixture.commit(tree, {}, "root\n");
    const auto left = fixture.commit(tree, {root}, "left\n");
    const auto right = fixture.commit(tree, {root}, "right\n");
    const auto both = fixture.commit(tree, {left, right}, "both");
    const auto alone = fixture.commit(tree, {}, "alone\n");

    REQUIRE(repository.merge_base(left, right) == root);
    REQUIRE_FALSE(repository.merge_base(left, alone));
    REQUIRE(repository.is_ancestor(root, both));
    REQUIRE(repository.is_ancestor(both, both));
    REQUIRE_FALSE(repository.is_ancestor(both, root));
    REQUIRE(repository.ahead_behind(both, right) == std::pair<std::int64_t, std::int64_t>(2, 0));
    REQUIRE(repository.ahead_behind(both, std::nullopt) == std::pair<std::int64_t, std::int64_t>(4, 0));
    REQUIRE(repository.ahead_behind(std::nullopt, left) == std::pair<std::int64_t, std::int64_t>(0, 2));
    REQUIRE(repository.ahead_behind(std::nullopt, std::nullopt) ==
            std::pair<std::int64_t, std::int64_t>(0, 0));

    const auto info = repository.commit_info(both);
    REQUIRE(info.tree == tree);
    REQUIRE(info.parents == std::vector{left, right});
    REQUIRE(info.message == "both\n");
    REQUIRE(info.time_ms == 1'700'000'000'000);
    REQUIRE(code_of([&] { repository.commit_info(tree); }) == ErrorCode::corrupt);
}

}  // namespace fluentsync::git
