#include "git/index_form.hpp"

#include <catch2/catch.hpp>

#include "git/index.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;

namespace {

/// Everything but what git keeps in memory alone.
const std::string kAll = "ls-files --stage -v --debug | sed s/flags:.*//";

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

IndexForm form_of(const RepoFixture& fixture) {
    return index_form(bytes_of(fixture.dot_git("index")), [&](const std::string& name) {
        return std::optional(bytes_of(fixture.dot_git(name)));
    });
}

/// What git reads from these bytes.
std::string entries_in(const RepoFixture& fixture, const std::string& bytes) {
    fixture.write(".git/other-index", bytes);
    return fixture.git("version >'" + fixture.dot_git("version") +
                       "' && GIT_INDEX_FILE=.git/other-index git " + kAll);
}

void write_files(const RepoFixture& fixture, int from, int to) {
    for (int i = from; i < to; ++i)
        fixture.write("note/n" + std::to_string(i), std::to_string(i) + "\n");
}

/// An index whose shared part has 200 entries, of which some are replaced, some deleted, and others are new.
void split(const RepoFixture& fixture, const std::string& version) {
    write_files(fixture, 0, 200);
    fixture.git("add . && git commit -qm all");
    fixture.git("update-index --index-version " + version);
    fixture.git("update-index --split-index");
    fixture.write("note/n7", "edited\n");
    fixture.write("note/n170", "edited\n");
    write_files(fixture, 300, 305);
    fixture.git("-c splitIndex.maxPercentChange=100 add note");
    fixture.git("-c splitIndex.maxPercentChange=100 rm -q --cached note/n9 note/n10 note/n199");
}

}  // namespace

TEST_CASE("index form: one that is split into two files becomes one that says the same") {
    RepoFixture fixture;
    const std::string version = GENERATE("2", "4");
    split(fixture, version);
    REQUIRE_FALSE(fixture.git("rev-parse --shared-index-path").empty());
    const std::string before = fixture.git(kAll);
    const IndexForm form = form_of(fixture);
    REQUIRE(form.kind == IndexForm::Kind::readable);
    CHECK(entries_in(fixture, form.bytes) == before);
    CHECK(fixture.git_line("ls-files | wc -l") == "202");
}

TEST_CASE("index form: stages and marks of a split index stay") {
    RepoFixture fixture;
    split(fixture, "2");
    fixture.git("update-index --skip-worktree note/n20");
    fixture.git("update-index --assume-unchanged note/n21");
    CHECK_FALSE(fixture.repository().has_conflicts());
    const std::string blob = fixture.git_line("rev-parse HEAD:note/n30");
    fixture.git("update-index --force-remove note/n30");
    fixture.git("update-index --index-info",
                "100644 " + blob + " 2\tnote/n30\n100644 " + blob + " 3\tnote/n30\n");
    const std::string before = fixture.git(kAll);
    CHECK(fixture.repository().has_conflicts());
    const IndexForm form = form_of(fixture);
    REQUIRE(form.kind == IndexForm::Kind::readable);
    fixture.write(".git/index", form.bytes);
    CHECK(fixture.git(kAll) == before);
    fixture.git("update-index --split-index");  // Now the conflict is in the shared part.
    CHECK(fixture.repository().has_conflicts());
}

TEST_CASE("index form: one without its checksum gets it") {
    RepoFixture fixture;
    write_files(fixture, 0, 3);
    fixture.git("add .");
    const std::string whole = bytes_of(fixture.dot_git("index"));
    fixture.write(".git/index", whole.substr(0, whole.size() - 20) + std::string(20, '\0'));
    const IndexForm form = form_of(fixture);
    REQUIRE(form.kind == IndexForm::Kind::readable);
    CHECK(index_form(form.bytes, {}).kind == IndexForm::Kind::readable);
    CHECK(entries_in(fixture, form.bytes) == entries_in(fixture, whole));
}

TEST_CASE("index form: what is torn is damaged, what is whole and unknown is not") {
    using Kind = IndexForm::Kind;
    const auto kind = [](const std::string& bytes) {
        return index_form(bytes, [](const std::string&) { return std::nullopt; }).kind;
    };
    const auto hashed = [](const std::string& body) {
        return body + std::string(base::hash_bytes(body).raw());
    };
    RepoFixture fixture;
    write_files(fixture, 0, 3);
    fixture.git("add .");
    const std::string whole = bytes_of(fixture.dot_git("index"));
    REQUIRE(kind(whole) == Kind::readable);
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        CHECK(kind(whole.substr(0, size)) == Kind::damaged);
        // What a power cut leaves may be as long as it was, and end in zeros.
        const bool entries_there = size >= whole.find("TREE") || size + 20 >= whole.size();
        if (!entries_there)
            CHECK(kind(whole.substr(0, size) + std::string(whole.size() - size, '\0')) == Kind::damaged);
    }
    CHECK(kind("garbage") == Kind::damaged);
    CHECK(kind(hashed(std::string("DIRC\0\0\0\5\0\0\0\0", 12))) == Kind::foreign);
    CHECK(kind(hashed(std::string("DIRC\0\0\0\2\0\0\0\0sdir\0\0\0\0", 20))) == Kind::foreign);
    fixture.git("update-index --split-index");
    CHECK(kind(bytes_of(fixture.dot_git("index"))) == Kind::damaged);  // Its other file is not there.
    CHECK_FALSE(index_is_damaged(fixture.repository()));
    std::filesystem::remove(fixture.dot_git(
        std::filesystem::path(fixture.git_line("rev-parse --shared-index-path")).filename().string()));
    CHECK(index_is_damaged(fixture.repository()));
}

}  // namespace fluentsync::git
