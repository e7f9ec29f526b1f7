#include "git/index_marks.hpp"

#include <filesystem>

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;

namespace {

class MarksFixture : public RepoFixture {
  public:
    MarksFixture() {
        for (const char* path : {"a", "deep/b", "deep/er/c", "deep/er/d", "e"})
            write(path, path);
        git("add .");
        git("commit -q -m one");
    }
    IndexMarks marks() const { return read_index_marks(folder() + "/.git/index"); }
    static IndexMarks files(std::set<std::string, std::less<>> paths) { return {std::move(paths), {}}; }
};

}  // namespace

TEST_CASE_METHOD(MarksFixture, "index marks: in each form that git writes") {
    const std::string form =
        GENERATE("--index-version 2", "--index-version 3", "--index-version 4", "--split-index");
    CHECK(marks() == IndexMarks());
    git("update-index --skip-worktree deep/b");
    git("update-index " + form);
    git("update-index --assume-unchanged deep/er/c");
    CHECK(marks() == files({"deep/b", "deep/er/c"}));
    write("f", "f");
    git("add -N f");
    git("update-index --skip-worktree e");
    git("update-index --no-skip-worktree deep/b");
    git("rm -q --cached a");
    CHECK(marks() == files({"deep/er/c", "e"}));
    CHECK(marks().contains("e"));
    CHECK_FALSE(marks().contains("a"));
}

TEST_CASE_METHOD(MarksFixture,
                 "index marks: an entry at the root that some file system takes for .fluentsync") {
    git("update-index " + GENERATE(std::string("--index-version 2"), "--index-version 4", "--split-index"));
    write("deep/.fluentsync/x", "x");
    git("add deep");
    CHECK(marks().state_folder.empty());
    const std::string name = GENERATE(".fluentsync", ".FluentSync/config.json", "FLUENT~1/deep/er");
    write(name, "x");
    git("add '" + name + "'");
    CHECK(marks().state_folder == name.substr(0, name.find('/')));
    git("rm -q --cached '" + name + "'");
    CHECK(marks().state_folder.empty());
}

TEST_CASE_METHOD(MarksFixture, "index marks: a sparse index has one for all below a folder") {
    git("sparse-checkout set --sparse-index deep");
    git("sparse-checkout set --sparse-index none");
    CHECK(marks().contains("deep/er/c"));
    CHECK(marks().contains("deep/of/tomorrow"));
    CHECK_FALSE(marks().contains("a"));
    CHECK_FALSE(marks().contains("deeper"));
}

TEST_CASE_METHOD(MarksFixture, "index marks: what is no whole index has none, and is read without a fault") {
    git("update-index --skip-worktree e");
    const std::string index = folder() + "/.git/index";
    std::ifstream file(index, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        std::ofstream(index, std::ios::binary) << whole.substr(0, size);
        CHECK_NOTHROW(marks());
    }
    std::ofstream(index, std::ios::binary) << std::string(500, '\xff');
    CHECK(marks() == IndexMarks());
    std::filesystem::remove(index);
    CHECK(marks() == IndexMarks());
}

TEST_CASE_METHOD(MarksFixture, "index marks: asked again once the index has been replaced") {
    MarkedPaths paths;
    CHECK_FALSE(paths.contains(repository(), "e"));
    git("update-index --skip-worktree e");
    CHECK(paths.contains(repository(), "e"));
    git("update-index --no-skip-worktree e");
    CHECK_FALSE(paths.contains(repository(), "e"));
}

}  // namespace fluentsync::git
