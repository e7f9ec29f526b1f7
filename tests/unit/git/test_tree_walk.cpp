// What a walk through strangers' trees may cost.
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;

namespace {

/// `depth` trees within each other, each of which holds the next `fold` times.
base::ObjectId folded_tree(const RepoFixture& fixture, const std::string& innermost, int depth, int fold,
                           std::size_t name_size = 1) {
    std::string hex = innermost;
    for (int i = 0; i < depth; ++i) {
        std::string entries;
        for (int j = 0; j < fold; ++j)
            entries +=
                "040000 tree " + hex + "\t" + std::string(name_size, static_cast<char>('a' + j)) + "\n";
        hex = fixture.git_line("mktree", entries);
    }
    return *base::ObjectId::from_hex(hex);
}

std::string tree_of_one_file(const RepoFixture& fixture) {
    return fixture.git_line("mktree",
                            "100644 blob " + fixture.git_line("hash-object -w --stdin", "x") + "\tf\n");
}

}  // namespace

TEST_CASE_METHOD(RepoFixture, "tree walk: folders of folders without a file are looked through once each") {
    const base::ObjectId tree = folded_tree(*this, git_line("mktree"), 60, 2);
    int files = 0;
    for_each_file(repository(), tree, [&](const std::string&, const TreeFile&) { ++files; });
    CHECK(files == 0);
    CHECK(diff_trees(repository(), tree, std::nullopt).empty());
}

TEST_CASE_METHOD(RepoFixture, "tree walk: paths that fill the memory are refused") {
    const base::ObjectId tree = folded_tree(*this, tree_of_one_file(*this), 14, 10, 4000);
    CHECK(code_of([&] { diff_trees(repository(), std::nullopt, tree); }) == ErrorCode::too_large);
}

TEST_CASE_METHOD(RepoFixture, "tree walk: ends when it is asked to") {
    const base::ObjectId tree = folded_tree(*this, tree_of_one_file(*this), 60, 2);
    int looks = 0;
    repository().stop_when([&] { return ++looks == 3; });
    std::size_t files = 0;
    CHECK(code_of([&] {
              for_each_file(repository(), tree, [&](const std::string&, const TreeFile&) { ++files; });
          }) == ErrorCode::cancelled);
    CHECK(files < 1000);
    repository().open_again();
    looks = 0;
    CHECK(code_of([&] { for_each_delta(repository(), std::nullopt, tree, [](const TreeDelta&) {}); }) ==
          ErrorCode::cancelled);
}

}  // namespace fluentsync::git
