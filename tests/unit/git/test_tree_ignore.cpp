#include "git/tree_ignore.hpp"

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;

TEST_CASE_METHOD(RepoFixture, "tree ignore: as git decides by the same .gitignore files") {
    write(".gitignore", "# none\n\n*.log\n!keep.log\n/top\nwhole/\na/b.txt\n\\!odd\n");
    write("deep/.gitignore", "local\n/anchored\n!x.log\nin/side\r\nfolder/\n");
    write("deep/[er]/.gitignore", "own\n");
    git("add -A -f");
    git("commit -q -m rules");
    const std::string tree = git_line("rev-parse HEAD^{tree}");
    TreeIgnoreRules rules(repository(), *base::ObjectId::from_hex(tree));
    for (const char* path : {"x.log",
                             "keep.log",
                             "sub/keep.log",
                             "top",
                             "sub/top",
                             "whole/x",
                             "sub/whole/y/z",
                             "whole",
                             "a/b.txt",
                             "sub/a/b.txt",
                             "!odd",
                             "deep/local",
                             "deep/more/local",
                             "local",
                             "deep/anchored",
                             "deep/more/anchored",
                             "deep/x.log",
                             "deep/more/x.log",
                             "deep/y.log",
                             "deep/in/side",
                             "deep/more/in/side",
                             "deep/folder/x",
                             "deep/folder",
                             "folder/x",
                             "deep/[er]/own",
                             "deep/e/own",
                             "deep/[er]/more/own",
                             "plain"}) {
        INFO(path);
        CHECK(rules.ignore(path) == git_succeeds("check-ignore -q --no-index '" + std::string(path) + "'"));
    }
}

TEST_CASE_METHOD(RepoFixture, "tree ignore: the disk and this machine's own rules do not count") {
    write("a", "a");
    git("add a");
    git("commit -q -m one");
    write(".gitignore", "a\n");
    write(".git/info/exclude", "a\n");
    const std::string tree = git_line("rev-parse HEAD^{tree}");
    TreeIgnoreRules rules(repository(), *base::ObjectId::from_hex(tree));
    CHECK_FALSE(rules.ignore("a"));
}

}  // namespace fluentsync::git
