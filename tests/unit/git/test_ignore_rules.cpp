// Git's word on the same files is the judge.
#include "git/ignore_rules.hpp"

#include <rapidcheck.h>
#include <sys/stat.h>

#include <set>
#include <sstream>

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;

namespace {

class IgnoreFixture : public RepoFixture {
  public:
    IgnoreFixture() { git("config core.excludesFile /nonexistent"); }

    IgnoreRules::Source source() const {
        return [this](const std::string& name) -> std::optional<std::string> {
            std::ifstream file(folder() + "/" + name + "/.gitignore", std::ios::binary);
            if (!file) return std::nullopt;
            std::ostringstream text;
            text << file.rdbuf();
            return text.str();
        };
    }
    bool ignores(const std::string& path) { return IgnoreRules(repository(), source()).ignore(path); }

    /// What git ignores of them.
    std::set<std::string> by_git(const std::vector<std::string>& paths) const {
        std::string input;
        for (const std::string& path : paths)
            input.append(path).push_back('\0');
        std::istringstream output(git("check-ignore -z --no-index --stdin || true", input));
        std::set<std::string> ignored;
        for (std::string path; std::getline(output, path, '\0');)
            ignored.insert(path);
        return ignored;
    }
    std::set<std::string> by_us(const std::vector<std::string>& paths) {
        IgnoreRules rules(repository(), source());
        std::set<std::string> ignored;
        for (const std::string& path : paths) {
            if (rules.ignore(path)) ignored.insert(path);
        }
        return ignored;
    }
};

rc::Gen<std::string> joined(rc::Gen<std::vector<std::string>> parts, const std::string& between) {
    return rc::gen::map(std::move(parts), [between](const std::vector<std::string>& list) {
        std::string text;
        for (const std::string& part : list)
            text += (text.empty() ? "" : between) + part;
        return text;
    });
}

/// Few letters, so that patterns and paths meet; every special form, also malformed.
rc::Gen<std::string> pattern_gen() {
    const auto piece = rc::gen::weightedElement<std::string>({{8, "a"},
                                                              {8, "b"},
                                                              {3, "A"},
                                                              {8, "/"},
                                                              {6, "*"},
                                                              {2, "**"},
                                                              {4, "/**/"},
                                                              {2, "**/"},
                                                              {2, "/**"},
                                                              {3, "?"},
                                                              {2, "[ab]"},
                                                              {1, "[!a]"},
                                                              {1, "[^b-]"},
                                                              {1, "[a-c]"},
                                                              {1, "[]a]"},
                                                              {1, "[[:alpha:]]"},
                                                              {1, "[[:upper:]b]"},
                                                              {1, "[[:no:]]"},
                                                              {1, "[[:a]"},
                                                              {1, "[\\]a]"},
                                                              {1, "[a"},
                                                              {1, "\\a"},
                                                              {1, "\\*"},
                                                              {1, "\\"},
                                                              {1, "\\/"},
                                                              {1, "!"},
                                                              {1, "#"},
                                                              {1, " "},
                                                              {1, "\\ "},
                                                              {1, "\r"}});
    const auto sign = rc::gen::weightedElement<std::string>({{6, ""}, {1, "!"}, {2, "/"}});
    const auto end = rc::gen::weightedElement<std::string>({{4, ""}, {1, "/"}, {1, "/*"}});
    return rc::gen::map(
        rc::gen::tuple(sign, joined(rc::gen::container<std::vector<std::string>>(piece), ""), end),
        [](const auto& parts) { return std::get<0>(parts) + std::get<1>(parts) + std::get<2>(parts); });
}

rc::Gen<std::string> rules_gen() {
    return joined(rc::gen::container<std::vector<std::string>>(pattern_gen()), "\n");
}

rc::Gen<std::string> path_gen() {
    const auto name =
        rc::gen::element<std::string>("a", "b", "ab", "ba", "aab", "A", "bA", "a*", "[a", "-", "]");
    return joined(rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(name)), "/");
}

}  // namespace

TEST_CASE_METHOD(IgnoreFixture, "ignore rules: git's own files count, and those of the folder before them") {
    write(".git/info/exclude", "# nothing\n\n");
    CHECK_FALSE(ignores("private/a.md"));
    write(".gitignore", "*.tmp\n!keep.tmp\nprivate/\n");
    CHECK(ignores("note/a.tmp"));
    CHECK_FALSE(ignores("note/keep.tmp"));
    CHECK(ignores("private/a.md"));
    CHECK_FALSE(ignores("note/a.md"));
    write(".git/info/exclude", "*.md\nkeep.tmp\n");
    CHECK(ignores("note/a.md"));
    CHECK_FALSE(ignores("note/keep.tmp"));
    write("own", "*.own\n!note/a.md\n");
    git("config core.excludesFile '" + folder() + "/own'");
    CHECK(ignores("x.own"));
    CHECK(ignores("note/a.md"));
}

TEST_CASE_METHOD(IgnoreFixture, "ignore rules: a .gitignore in any folder on the way counts") {
    write("deep/.gitignore", "secret*\n");
    write("deep/down/.gitignore", "# no rule\n");
    IgnoreRules rules(repository(), source());
    CHECK(rules.ignore("deep/secret.md"));
    CHECK(rules.ignore("deep/down/far/secret.md"));
    CHECK_FALSE(rules.ignore("deep/down/far/open.md"));
    CHECK_FALSE(rules.ignore("secret.md"));
    CHECK_FALSE(rules.ignore("deeper/secret.md"));
}

TEST_CASE_METHOD(IgnoreFixture, "ignore rules: a FIFO in the place of git's own file is not waited for") {
    std::filesystem::remove(dot_git("info/exclude"));
    REQUIRE(::mkfifo(dot_git("info/exclude").c_str(), 0600) == 0);
    CHECK(ignores("any.md"));
}

TEST_CASE_METHOD(IgnoreFixture, "ignore rules: as git decides, whatever the patterns") {
    const bool ignores_case = GENERATE(false, true);
    git(std::string("config core.ignoreCase ") + (ignores_case ? "true" : "false"));
    const bool passed = rc::check([&] {
        const std::string at_root = *rules_gen();
        const std::string below = *rules_gen();
        const std::string own = *rules_gen();
        write(".gitignore", at_root);
        write("a/.gitignore", below);
        write(".git/info/exclude", own);
        auto paths = *rc::gen::container<std::vector<std::string>>(20, path_gen());
        std::erase(paths, "a");  // A folder here, and we are asked about files.
        RC_LOG() << "root: " << at_root << "\na: " << below << "\nown: " << own << "\n";
        RC_ASSERT(by_us(paths) == by_git(paths));
    });
    CHECK(passed);
}

TEST_CASE("glob: a pattern of many stars takes no exponential time") {
    std::string pattern;
    for (int i = 0; i < 200; ++i)
        pattern += "*a";
    CHECK_FALSE(Glob(pattern + "*b").matches(std::string(2'000, 'a')));
    CHECK(Glob(pattern + "*b").matches(std::string(2'000, 'a') + "b"));
    std::string folders;
    for (int i = 0; i < 50; ++i)
        folders += "**/a/";
    std::string path;
    for (int i = 0; i < 200; ++i)
        path += "a/";
    CHECK_FALSE(Glob(folders + "b").matches(path + "c"));
    CHECK(Glob(folders + "b").matches(path + "b"));
}

}  // namespace fluentsync::git
