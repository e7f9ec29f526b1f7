#include <sys/stat.h>
#include <unistd.h>

#include "failing_access.hpp"
#include "git/index.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

runtime::FileStat stat_of(const std::string& path) {
    struct stat now {};
    if (::lstat(path.c_str(), &now) != 0) return {};
    const auto ns = [](const timespec& t) { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; };
    runtime::FileStat result;
    result.kind = S_ISREG(now.st_mode)   ? runtime::FileKind::regular
                  : S_ISLNK(now.st_mode) ? runtime::FileKind::symlink
                                         : runtime::FileKind::other;
    result.size = static_cast<std::uint64_t>(now.st_size);
    result.mtime_ns = ns(now.st_mtim);
    result.ctime_ns = ns(now.st_ctim);
    result.inode = now.st_ino;
    result.device = now.st_dev;
    return result;
}

/// A repository whose files, HEAD and index are moved together.
class IndexFixture : public RepoFixture {
  public:
    /// Writes (or with no content removes) files, commits them; the index is not touched.
    void commit_files(const std::vector<std::pair<std::string, std::optional<std::string>>>& files) {
        std::vector<TreeChange> changes;
        for (const auto& [path, content] : files) {
            if (!content) fs::remove(folder() + "/" + path);
        }
        for (const auto& [path, content] : files) {
            if (content) write(path, *content);
            changes.push_back(content ? put(path, *content) : TreeChange{path, std::nullopt});
        }
        before = now;
        now = tree(now, changes);
        const auto parent = repository().ref("refs/heads/main");
        const auto next = commit(*now, parent ? std::vector{*parent} : std::vector<base::ObjectId>{});
        repository().move_ref("refs/heads/main", next, parent, "commit");
    }
    IndexOutcome bring() {
        return bring_index(repository(), before, now, [this](const std::string& path, const base::ObjectId&) {
            return stat_of(folder() + "/" + path);
        });
    }
    std::string status() const { return git("status --porcelain"); }
    /// Entries whose stat alone makes git doubt them.
    std::string doubted() const { return git("diff-files --name-only"); }

    std::optional<base::ObjectId> before;
    std::optional<base::ObjectId> now;
};

}  // namespace

TEST_CASE("the index follows, and git status is clean [trap-26]") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}, {"é/ü b.md", "2\n"}, {"x/y", "3\n"}, {"empty", ""}});
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.doubted() == "");
    REQUIRE(fixture.status() == "");
    const char names[] = "a.md\0empty\0x/y\0é/ü b.md";
    REQUIRE(fixture.git("ls-files -z") == std::string(names, sizeof names));
    REQUIRE(diff_index(fixture.repository(), fixture.now).empty());

    fixture.commit_files({{"a.md", "changed\n"}, {"x/y", std::nullopt}, {"n/e/w.md", "new\n"}});
    REQUIRE(diff_index(fixture.repository(), fixture.now).size() == 3);
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.doubted() == "");
    REQUIRE(fixture.status() == "");
    REQUIRE(diff_index(fixture.repository(), fixture.now).empty());
    fixture.require_clean_fsck();
}

TEST_CASE("an index that is current is not written again") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}});
    fixture.bring();
    const auto written = stat_of(fixture.dot_git("index"));
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(stat_of(fixture.dot_git("index")) == written);
}

TEST_CASE("a file gives way to a folder in the index, and back") {
    IndexFixture fixture;
    fixture.commit_files({{"a", "1\n"}, {"b/c", "2\n"}});
    fixture.bring();
    fixture.commit_files({{"a", std::nullopt}, {"a/x", "1\n"}});
    fixture.bring();
    REQUIRE(fixture.status() == "");
    fixture.commit_files({{"a/x", std::nullopt}});
    fs::remove(fixture.folder() + "/a");
    fixture.bring();
    fixture.commit_files({{"a", "1\n"}});
    fixture.bring();
    REQUIRE(fixture.status() == "");
}

TEST_CASE("a lock on the index is respected and never taken away [trap-28]") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}});
    fixture.write(".git/index.lock", "");
    REQUIRE(fixture.bring() == IndexOutcome::locked);
    REQUIRE(fs::exists(fixture.dot_git("index.lock")));
    fs::remove(fixture.dot_git("index.lock"));
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.status() == "");
}

TEST_CASE("a lock on the index that a crash of ours left is taken away at once [trap-28]") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}});
    fixture.bring();
    fixture.commit_files({{"a.md", "2\n"}});
    SECTION("before the index was replaced") {
        fixture.write(".git/index.fluentsync", "half");
        fs::create_hard_link(fixture.dot_git("index.fluentsync"), fixture.dot_git("index.lock"));
    }
    SECTION("after it") {
        fs::create_hard_link(fixture.dot_git("index"), fixture.dot_git("index.lock"));
    }
    SECTION("while the draft was made") {
        fixture.write(".git/index.fluentsync", "half");
        fixture.write(".git/index.fluentsync.lock", "half");
    }
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.status() == "");
    REQUIRE_FALSE(fs::exists(fixture.dot_git("index.lock")));
    REQUIRE_FALSE(fs::exists(fixture.dot_git("index.fluentsync")));
    REQUIRE_FALSE(fs::exists(fixture.dot_git("index.fluentsync.lock")));
}

TEST_CASE("what a person staged stays staged [trap-35]") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}, {"b.md", "1\n"}, {"c", "1\n"}});
    fixture.bring();
    fixture.write("a.md", "staged\n");
    fixture.write("new.md", "staged\n");
    fixture.git("add a.md new.md && git rm -q --cached c");
    fixture.commit_files({{"b.md", "2\n"}, {"a.md", "ours\n"}, {"c", "2\n"}});
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.git("diff --cached --name-status") == "M\ta.md\nD\tc\nA\tnew.md\n");
    REQUIRE(fixture.git("show :a.md") == "staged\n");
    REQUIRE(fixture.git("show :b.md") == "2\n");
}

TEST_CASE("a staged file is not pushed out by a folder of its name [trap-35]") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}});
    fixture.bring();
    fixture.write("p", "staged\n");
    fixture.git("add p");
    fs::remove(fixture.folder() + "/p");
    fixture.commit_files({{"p/q.md", "1\n"}});
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.git("ls-files") == "a.md\np\n");
}

TEST_CASE("a conflict in the index is left to the person [trap-35]") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}, {"b.md", "1\n"}});
    fixture.bring();
    const std::string id = fixture.blob("1\n").hex();
    std::string stages = "0 0000000000000000000000000000000000000000\ta.md\n";
    for (const char* stage : {"1", "2", "3"})
        stages += "100644 " + id + " " + stage + "\ta.md\n";
    fixture.git("update-index --index-info", stages);
    fixture.commit_files({{"a.md", "2\n"}, {"b.md", "2\n"}});
    REQUIRE(fixture.bring() == IndexOutcome::done);
    REQUIRE(fixture.git("ls-files -u").find("3\ta.md") != std::string::npos);
    REQUIRE(fixture.git("show :b.md") == "2\n");
    const auto deltas = diff_index(fixture.repository(), fixture.now);
    REQUIRE(deltas.size() == 1);
    REQUIRE(deltas[0].path == "a.md");
    REQUIRE_FALSE(deltas[0].after);
}

TEST_CASE("a file that is not the known one has no stat, so git sees its change") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}, {"b.md", "1\n"}});
    const auto known = stat_of(fixture.folder() + "/a.md");
    fixture.write("a.md", "2\n");
    bring_index(fixture.repository(), std::nullopt, fixture.now,
                [&](const std::string& path, const base::ObjectId&) {
                    return path == "a.md" ? known : runtime::FileStat{};
                });
    REQUIRE(fixture.status() == " M a.md\n");
}

TEST_CASE("an edit in the same tick as the index is not hidden by writing the index again") {
    IndexFixture fixture;
    fixture.git("config core.trustctime false");
    fixture.commit_files({{"a.md", "1\n"}, {"b.md", "1\n"}});
    const auto tick = fs::file_time_type::clock::now() - std::chrono::hours(1);
    fs::last_write_time(fixture.folder() + "/a.md", tick);
    fixture.bring();
    fixture.write("a.md", "2\n");
    fs::last_write_time(fixture.folder() + "/a.md", tick);
    fs::last_write_time(fixture.dot_git("index"), tick);
    fixture.commit_files({{"b.md", "2\n"}});
    fixture.bring();
    REQUIRE(fixture.status() == " M a.md\n");
}

TEST_CASE("an index of a kind that is not known is left alone") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}});
    fixture.bring();
    std::string sparse("DIRC\0\0\0\2\0\0\0\0sdir\0\0\0\0", 20);
    sparse += base::hash_bytes(sparse).raw();
    std::ofstream(fixture.dot_git("index"), std::ios::binary) << sparse;
    const auto written = stat_of(fixture.dot_git("index"));
    fixture.commit_files({{"a.md", "2\n"}});
    REQUIRE(code_of([&] { fixture.bring(); }) == ErrorCode::repository);
    REQUIRE(code_of([&] { diff_index(fixture.repository(), fixture.now); }) == ErrorCode::repository);
    REQUIRE(stat_of(fixture.dot_git("index")) == written);
}

TEST_CASE("a damaged index is made anew, and kept") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "1\n"}});
    fixture.bring();
    const std::string rubbish = GENERATE("", "rubbish that is long enough to be taken for an index");
    std::ofstream(fixture.dot_git("index")) << rubbish;
    CHECK(code_of([&] { diff_index(fixture.repository(), fixture.now); }) == ErrorCode::corrupt);
    CHECK(fixture.bring() == IndexOutcome::done);
    CHECK(fixture.status().empty());
    std::ifstream kept(fixture.dot_git("lost-found/damaged/index-1"));
    REQUIRE(kept.is_open());
    CHECK(std::string(std::istreambuf_iterator<char>(kept), {}) == rubbish);
}

TEST_CASE("an index that cannot be looked at is left as it is") {
    IndexFixture fixture;
    fixture.commit_files({{"a.md", "a\n"}, {"b.md", "b\n"}});
    REQUIRE(fixture.bring() == IndexOutcome::done);
    fixture.commit_files({{"a.md", "a, later\n"}});
    {
        const test::FailingAccess unseen(fixture.dot_git("index.fluentsync"), F_OK);
        CHECK(code_of([&] { fixture.bring(); }) == ErrorCode::io);
    }
    CHECK(fixture.git_line("diff --cached --name-only HEAD") == "a.md");
    CHECK(fixture.bring() == IndexOutcome::done);
    CHECK(fixture.status().empty());
}

}  // namespace fluentsync::git
