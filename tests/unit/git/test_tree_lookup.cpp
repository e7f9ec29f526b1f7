#include "git/tree_lookup.hpp"

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;

TEST_CASE_METHOD(RepoFixture, "tree lookup: files, folders and what is neither") {
    write("a.md", "a");
    write("notes/b.md", "b");
    write("notes/deep/er/c.md", "c");
    git("add -A");
    git("commit -q -m some");
    const auto tree = base::ObjectId::from_hex(git_line("rev-parse HEAD^{tree}"));
    TreeLookup lookup(repository(), tree);
    for (const char* path : {"a.md", "notes/b.md", "notes/deep/er/c.md"}) {
        INFO(path);
        CHECK(lookup.file(path) == find_in_tree(repository(), *tree, path));
        CHECK(lookup.file(path));
        CHECK_FALSE(lookup.folder(path));
    }
    for (const char* path : {"notes", "notes/deep", "notes/deep/er"}) {
        INFO(path);
        CHECK(lookup.folder(path)->hex() == git_line(std::string("rev-parse HEAD:") + path));
        CHECK_FALSE(lookup.file(path));
    }
    CHECK(lookup.folder("") == tree);
    for (const char* path :
         {"", "b.md", "notes/", "/a.md", "notes//b.md", "a.md/b", "none/x", "notes/none/x"}) {
        INFO(path);
        CHECK_FALSE(lookup.file(path));
    }
    CHECK_FALSE(TreeLookup(repository(), std::nullopt).file("a.md"));
    CHECK(code_of([&] { TreeLookup(repository(), base::hash_blob("none")).file("a.md"); }) ==
          ErrorCode::corrupt);
}

TEST_CASE_METHOD(RepoFixture, "tree lookup: a folder is read once, however many ask about it") {
    for (int i = 0; i < 50; ++i)
        write("notes/" + std::to_string(i) + ".md", "text");
    git("add -A");
    git("commit -q -m some");
    TreeLookup lookup(repository(), base::ObjectId::from_hex(git_line("rev-parse HEAD^{tree}")));
    for (int i = 0; i < 2'000; ++i) {
        CHECK(lookup.file("notes/" + std::to_string(i) + ".md").has_value() == (i < 50));
        CHECK_FALSE(lookup.folder("notes/" + std::to_string(i) + ".md"));
        CHECK_FALSE(lookup.file("none/" + std::to_string(i % 10) + "/x.md"));
    }
    CHECK(lookup.trees_read() == 2);
}

}  // namespace fluentsync::git
