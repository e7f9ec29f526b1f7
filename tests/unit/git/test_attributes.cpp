// Git's own program says what attributes and configuration ask for; we have to come to the same.
#include "git/attributes.hpp"

#include <sys/stat.h>

#include <set>

#include "base/object_id.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git::test {

namespace {

/// As the sync floor has it, by the disk.
Attributes attributes_of(RepoFixture& repo) {
    return {repo.repository(), [&repo](const std::string& folder) -> AttributeText {
                std::ifstream file(repo.folder() + "/" + folder + "/.gitattributes");
                if (!file) return {};
                return {std::string(std::istreambuf_iterator<char>(file), {}), {}};
            }};
}

const std::vector<std::string>& contents() {
    static const std::vector<std::string> list{"",
                                               "no end",
                                               "one\ntwo\n",
                                               "one\r\ntwo\r\n",
                                               "mixed\r\n\n",
                                               "lone\rcr\n",
                                               "lone\rcr\r\n",
                                               std::string("nul\0\n", 5),
                                               "\r\n",
                                               "\n",
                                               "\r\r\n",
                                               std::string("nul\0\r\n", 6),
                                               "end\n\032",
                                               "\x01\x02\x03\n",
                                               "\x01\x02\x03\r\n\n",
                                               "caf\xc3\xa9 \xe2\x82\xac\r\n",
                                               "\r",
                                               "a\r\n\032"};
    return list;
}

struct Setting {
    std::string attributes;
    std::string configuration;
};

/// What a person says about line ends.
const std::vector<Setting>& settings() {
    static const std::vector<Setting> list{
        {"", "core.autocrlf=true"},
        {"", "core.autocrlf=input"},
        {"", "core.eol=crlf"},
        {"* text", ""},
        {"* text", "core.eol=crlf"},
        {"* text", "core.autocrlf=true"},
        {"* text=auto", ""},
        {"* text=auto", "core.eol=crlf"},
        {"* text=auto", "core.autocrlf=input"},
        {"* text=auto eol=crlf", ""},
        {"* text=auto eol=lf", "core.autocrlf=true"},
        {"* text eol=crlf", ""},
        {"* eol=crlf", ""},
        {"* eol=lf", "core.autocrlf=true"},
        {"* -text", "core.autocrlf=true"},
        {"* binary", "core.autocrlf=true"},
        {"* text=input", ""},
        {"* crlf", "core.eol=crlf"},
        {"* -crlf", "core.autocrlf=true"},
        {"* text=nonsense", "core.autocrlf=true"},
        {"[attr]windows text eol=crlf\n* windows", ""},
        {"* text eol=crlf\n*.bin -text", ""},
        {"# nothing", ""},
    };
    return list;
}

std::string name_of(std::size_t i) {
    return "folder/f" + std::to_string(i) + ".bin";
}

std::string read_file(const RepoFixture& repo, const std::string& path) {
    std::ifstream file(repo.folder() + "/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void say(RepoFixture& repo, const Setting& setting) {
    repo.write(".gitattributes", setting.attributes + "\n");
    if (setting.configuration.empty()) return;
    const auto equals = setting.configuration.find('=');
    repo.git("config " + setting.configuration.substr(0, equals) + " " +
             setting.configuration.substr(equals + 1));
}

}  // namespace

TEST_CASE("attributes: line ends go into git as git takes them") {
    for (const Setting& setting : settings()) {
        INFO(setting.attributes << ", " << setting.configuration);
        RepoFixture repo;
        say(repo, setting);
        for (std::size_t i = 0; i < contents().size(); ++i)
            repo.write(name_of(i), contents()[i]);
        const std::string warnings = repo.git("-c core.safecrlf=warn add -A 2>&1");
        Attributes attributes = attributes_of(repo);
        for (std::size_t i = 0; i < contents().size(); ++i) {
            INFO("content " << i << ": " << warnings);
            const LostEnds lost = lost_ends(contents()[i], attributes.of(name_of(i)).line_ends, false);
            const auto warns = [&](const std::string& of) {
                return warnings.find("'" + name_of(i) + "', " + of + " will be replaced") !=
                       std::string::npos;
            };
            CHECK(warns("CRLF") == (lost == LostEnds::crlf));
            CHECK(warns("LF") == (lost == LostEnds::lf));
            const auto blob = to_git_line_ends(contents()[i], attributes.of(name_of(i)).line_ends, false);
            CHECK(base::hash_blob(blob.value_or(contents()[i])).hex() + "\n" ==
                  repo.git("rev-parse :" + name_of(i)));
        }
    }
}

TEST_CASE("attributes: line ends come out of git as git writes them, and stay as what HEAD has") {
    for (const Setting& setting : settings()) {
        INFO(setting.attributes << ", " << setting.configuration);
        RepoFixture repo;
        for (std::size_t i = 0; i < contents().size(); ++i)
            repo.write(name_of(i), contents()[i]);
        repo.git("add -A");
        say(repo, setting);
        std::filesystem::remove_all(repo.folder() + "/folder");  // Else git takes them for written.
        repo.git("checkout-index -f -a");
        Attributes attributes = attributes_of(repo);
        for (std::size_t i = 0; i < contents().size(); ++i) {
            INFO("content " << i);
            const LineEnds rule = attributes.of(name_of(i)).line_ends;
            const auto file = to_file_line_ends(contents()[i], rule);
            CHECK(file.value_or(contents()[i]) == read_file(repo, name_of(i)));
            repo.write(name_of(i), "new\r\n" + contents()[i]);
        }
        repo.git("-c core.safecrlf=false add -A");
        for (std::size_t i = 0; i < contents().size(); ++i) {
            INFO("content " << i << " edited");
            const std::string edited = "new\r\n" + contents()[i];
            const auto blob = to_git_line_ends(edited, attributes.of(name_of(i)).line_ends,
                                               is_text_with_crlf(contents()[i]));
            CHECK(base::hash_blob(blob.value_or(edited)).hex() + "\n" ==
                  repo.git("rev-parse :" + name_of(i)));
        }
    }
}

TEST_CASE("attributes: a content is known again by its id in the other form") {
    const std::string lf = "one\ntwo\n";
    const std::string crlf = "one\r\ntwo\r\n";
    CHECK(as_blob(crlf, base::hash_blob(lf)) == lf);
    CHECK(as_blob(crlf, base::hash_blob(crlf)) == crlf);
    CHECK_FALSE(as_blob(lf, base::hash_blob(crlf)));
    CHECK(as_file(lf, base::hash_blob(crlf)) == crlf);
    CHECK(as_file(lf, base::hash_blob(lf)) == lf);
    CHECK_FALSE(as_file("one\ntwo\n\n", base::hash_blob(crlf)));
}

TEST_CASE("attributes: what asks for a program, and what git does without one") {
    RepoFixture repo;
    repo.git("config filter.crypt.clean cat");
    repo.git("config filter.only-smudge.smudge cat");
    repo.git("config filter.strict.required true");
    repo.git("config filter.empty.clean ''");
    repo.git("config filter.long.process cat");
    repo.write(".gitattributes",
               "*.a filter=crypt\n*.b filter=unknown\n*.c filter=strict\n*.d filter=empty\n*.e filter=long\n"
               "*.f filter=only-smudge\n*.g working-tree-encoding=utf-8\n*.h working-tree-encoding=UTF-16LE\n"
               "*.i working-tree-encoding\n*.j filter\n*.k ident\n*.l -ident\n");
    Attributes attributes = attributes_of(repo);
    CHECK(attributes.of("x.a").foreign == "filter=crypt");
    CHECK(attributes.of("x.b").foreign.empty());
    CHECK(attributes.of("x.c").foreign == "filter=strict");
    CHECK(attributes.of("x.d").foreign.empty());
    CHECK(attributes.of("x.e").foreign == "filter=long");
    CHECK(attributes.of("x.f").foreign == "filter=only-smudge");
    CHECK(attributes.of("x.g").foreign.empty());
    CHECK(attributes.of("x.h").foreign == "working-tree-encoding=UTF-16LE");
    CHECK_FALSE(attributes.of("x.i").foreign.empty());
    CHECK_FALSE(attributes.of("x.j").converts());
    CHECK(attributes.of("x.k").ident);
    CHECK_FALSE(attributes.of("x.l").converts());
}

TEST_CASE("attributes: how two versions are merged") {
    RepoFixture repo;
    repo.git("config merge.ours.driver true");
    repo.git("config merge.program.driver 'merge-it %A %O %B'");
    repo.write(".gitattributes",
               "*.a merge=union\n*.b -merge\n*.c merge=binary\n*.d merge=ours\n*.e merge=program\n"
               "*.f merge=unknown\n*.g merge\n*.h binary\n*.i merge=text\n");
    Attributes attributes = attributes_of(repo);
    CHECK(attributes.of("x.a").merge == MergeRule::both);
    CHECK(attributes.of("x.b").merge == MergeRule::undecided);
    CHECK(attributes.of("x.c").merge == MergeRule::undecided);
    CHECK(attributes.of("x.d").merge == MergeRule::ours);
    CHECK(attributes.of("x.e").merge == MergeRule::undecided);
    CHECK(attributes.of("x.f").merge == MergeRule::text);
    CHECK(attributes.of("x.g").merge == MergeRule::text);
    CHECK(attributes.of("x.h").merge == MergeRule::undecided);
    CHECK(attributes.of("x.i").merge == MergeRule::text);
    CHECK(attributes.of("x.j").merge == MergeRule::text);
}

TEST_CASE("attributes: nearer folders, later lines and info/attributes come last") {
    RepoFixture repo;
    repo.git("config filter.a.clean cat");
    repo.git("config filter.b.clean cat");
    repo.write(".gitattributes", "*.md filter=a\nsub/deep/*.md filter=b\n/top.md -filter\n");
    repo.write("sub/.gitattributes", "*.md !filter\n");
    repo.write("sub/deep/.gitattributes", "one.md filter=a\n");
    Attributes before = attributes_of(repo);
    CHECK(before.of("x.md").foreign == "filter=a");
    CHECK(before.of("top.md").foreign.empty());
    CHECK(before.of("sub/x.md").foreign.empty());
    CHECK(before.of("sub/deep/one.md").foreign == "filter=a");
    CHECK(before.of("sub/deep/two.md").foreign.empty());
    CHECK(before.of("other/sub/x.md").foreign == "filter=a");
    repo.write(".git/info/attributes", "sub/** filter=b\n");
    CHECK(attributes_of(repo).of("sub/deep/one.md").foreign == "filter=b");
}

TEST_CASE("attributes: a pattern whose matching would take for ever is left to git") {
    RepoFixture repo;
    repo.write("hostile/.gitattributes", "# *a*a*a*a*a*a\n*a*a*a*a*a*a*a*a*a*b text\n");
    repo.write("usual/.gitattributes", "**/docs/**/*_*.txt text\n");
    Attributes attributes = attributes_of(repo);
    CHECK_THAT(attributes.of("hostile/" + std::string(200, 'a')).foreign, Catch::Contains("stars"));
    CHECK(attributes.of("usual/docs/a_b.txt").foreign.empty());
    CHECK(attributes.of("a.txt").foreign.empty());
}

TEST_CASE("attributes: a FIFO among git's own files keeps nobody waiting") {
    RepoFixture repo;
    std::filesystem::create_directories(repo.folder() + "/.git/info");
    REQUIRE(::mkfifo((repo.folder() + "/.git/info/attributes").c_str(), 0600) == 0);
    CHECK_FALSE(attributes_of(repo).of("x.md").foreign.empty());
}

}  // namespace fluentsync::git::test
