#include <catch2/catch.hpp>
#include <thread>

#include "base/clock.hpp"
#include "files/layout.hpp"
#include "files/safe_write.hpp"
#include "fluentsync/error.hpp"
#include "hook_folder.hpp"
#include "stranger.hpp"

using namespace fluentsync;
using files::Expected;
using files::StagedFile;
using files::WriteStatus;

namespace {

Expected expect(const runtime::Folder& root, const std::string& path) {
    std::string bytes;
    const auto stat = root.read(path, 1 << 20, bytes);
    return {stat, base::hash_blob(bytes)};
}

struct Fixture {
    Fixture() : root(at.path.string()) {}
    ~Fixture() { CHECK(names_in(at, files::kTemporaryFolder).empty()); }

    /// Runs `act` once, ahead of the first `operation` on a path that begins with `prefix` after `skipped`
    /// others.
    void once_before(const std::string& operation, const std::string& prefix, int skipped,
                     std::function<void()> act) {
        root.before = [=, act = std::move(act), left = skipped](const std::string& now,
                                                                const std::string& path) mutable {
            if (now != operation || path.rfind(prefix, 0) != 0 || left-- != 0) return;
            act();
        };
    }

    TempFolder at;
    HookFolder root;
};

const std::string kMoved = ".fluentsync/tmp/moved-";

}  // namespace

TEST_CASE_METHOD(Fixture, "a new file is put in place with its parents") {
    StagedFile staged(root, "note/sub/a.md", "new");
    const auto outcome = staged.place({});
    CHECK(outcome.status == WriteStatus::done);
    CHECK(outcome.stat == root.stat("note/sub/a.md"));
    CHECK(at.get("note/sub/a.md") == "new");
    CHECK_FALSE(outcome.stat.executable);
    CHECK(StagedFile(root, "run", "#!/bin/sh\n", true).place({}).stat.executable);
}

TEST_CASE_METHOD(Fixture, "a file that should be absent and is there stays as it is") {
    at.put("a", "theirs");
    StagedFile staged(root, "a", "ours");
    CHECK(staged.place({}).status == WriteStatus::changed);
    CHECK(at.get("a") == "theirs");
}

TEST_CASE_METHOD(Fixture, "a folder in the way is an error that names it") {
    at.put("a/inside", "x");
    Expected any = {root.stat("a"), {}};
    for (const auto& expected : {Expected(), any}) {
        StagedFile staged(root, "a", "ours");
        try {
            staged.place(expected);
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::io);
            CHECK(error.path() == "a");
        }
    }
    CHECK(at.get("a/inside") == "x");
}

TEST_CASE_METHOD(Fixture, "the expected file is replaced, with its permission bits") {
    at.put("a", "old");
    std::filesystem::permissions(at.path / "a", std::filesystem::perms(0640));
    const auto expected = expect(root, "a");
    const auto outcome = StagedFile(root, "a", "new content").place(expected);
    CHECK(outcome.status == WriteStatus::done);
    CHECK(outcome.stat == root.stat("a"));
    CHECK(outcome.stat.mode == 0640);
    CHECK(at.get("a") == "new content");
}

TEST_CASE_METHOD(Fixture, "a file that is made private while its new content waits stays private") {
    using std::filesystem::perms;
    at.put("a", "old");
    std::filesystem::permissions(at.path / "a", perms(0644));
    const auto expected = expect(root, "a");
    StagedFile staged(root, "a", "new");
    std::filesystem::permissions(at.path / "a", perms(0600));
    const auto outcome = staged.place(expected);
    CHECK(outcome.status == WriteStatus::done);
    CHECK(outcome.stat.mode == 0600);
    CHECK(outcome.stat == root.stat("a"));
}

TEST_CASE_METHOD(Fixture, "a temporary is no wider than the file that it will be") {
    at.put("a", "old");
    std::filesystem::permissions(at.path / "a", std::filesystem::perms(0600));
    StagedFile staged(root, "a", "new");
    for (const auto& entry : root.list(".fluentsync/tmp"))
        CHECK(entry.stat.mode == 0600);
}

TEST_CASE_METHOD(Fixture,
                 "between any two calls the file is there, with its whole old or its whole new content") {
    at.put("a", "old");
    const auto expected = expect(root, "a");
    std::vector<std::string> broken;
    root.before = [&](const std::string& operation, const std::string&) {
        const bool there = std::filesystem::exists(at.path / "a");
        const auto content = there ? at.get("a") : std::string();
        if (content != "old" && content != "new content") broken.push_back(operation);
    };
    CHECK(StagedFile(root, "a", "new content").place(expected).status == WriteStatus::done);
    CHECK(broken.empty());
}

TEST_CASE_METHOD(Fixture, "a touched file of the expected content is replaced") {
    at.put("a", "old");
    const auto expected = expect(root, "a");
    save_by_rename(at, "a", "old");
    CHECK(StagedFile(root, "a", "new").place(expected).status == WriteStatus::done);
    CHECK(at.get("a") == "new");
}

TEST_CASE_METHOD(Fixture, "without a trusted stat the content decides") {
    at.put("a", "old");
    Expected expected = {runtime::FileStat(), base::hash_blob("old")};
    CHECK(StagedFile(root, "a", "new").place(expected).status == WriteStatus::done);
    CHECK(StagedFile(root, "a", "newer").place(expected).status == WriteStatus::changed);
    CHECK(at.get("a") == "new");
}

TEST_CASE_METHOD(Fixture, "a missing file is changed, not made") {
    at.put("a", "old");
    const auto expected = expect(root, "a");
    std::filesystem::remove(at.path / "a");
    CHECK(StagedFile(root, "a", "new").place(expected).status == WriteStatus::changed);
    at.put("a", "old");
    once_before("exchange", kMoved, 0, [&] { std::filesystem::remove(at.path / "a"); });
    CHECK(StagedFile(root, "a", "new").place(expected).status == WriteStatus::changed);
    CHECK_FALSE(std::filesystem::exists(at.path / "a"));
}

TEST_CASE_METHOD(Fixture, "[trap-18] an edit of equal size and preserved mtime is not overwritten") {
    at.put("a", "old!");
    const auto expected = expect(root, "a");
    SECTION("made before the write") {
        edit_keeping_mtime(at, "a", "edit");
    }
    SECTION("made between the last look and the swap") {
        once_before("exchange", kMoved, 0, [&] { edit_keeping_mtime(at, "a", "edit"); });
    }
    CHECK(StagedFile(root, "a", "new!").place(expected).status == WriteStatus::changed);
    CHECK(at.get("a") == "edit");
}

TEST_CASE_METHOD(
    Fixture,
    "[trap-18] an edit right after the swap, of equal size and preserved mtime, is not taken for ours") {
    at.put("a", "old!");
    const auto expected = expect(root, "a");
    once_before("stat", "a", 1, [&] {
        const auto swapped = root.stat("a").ctime_ns;
        do {  // As often as the clock of the file system takes to move on.
            edit_keeping_mtime(at, "a", "edit");
        } while (root.stat("a").ctime_ns == swapped);
    });
    const auto outcome = StagedFile(root, "a", "new!").place(expected);
    CHECK(outcome.status == WriteStatus::done);
    CHECK(at.get("a") == "edit");
    CHECK(outcome.stat != root.stat("a"));
}

TEST_CASE_METHOD(
    Fixture,
    "[trap-18] an edit right after a new file's rename, of equal size and preserved mtime, is not taken for "
    "ours") {
    once_before("stat", "a", 0, [&] {
        const auto renamed = base::system_clock().wall_ns();
        do {  // As often as the clock of the file system takes to move on.
            edit_keeping_mtime(at, "a", "edit");
        } while (root.stat("a").ctime_ns <= renamed);
    });
    const auto outcome = StagedFile(root, "a", "new!").place({});
    CHECK(outcome.status == WriteStatus::done);
    CHECK(at.get("a") == "edit");
    CHECK(outcome.stat != root.stat("a"));
}

TEST_CASE_METHOD(Fixture, "[trap-42] a link in place of the file is left alone") {
    at.put("target", "old");
    at.put("a", "old");
    const auto expected = expect(root, "a");
    const auto make_link = [&] {
        std::filesystem::remove(at.path / "a");
        std::filesystem::create_symlink("target", at.path / "a");
    };
    SECTION("before the look") {
        make_link();
    }
    SECTION("between look and swap") {
        once_before("exchange", kMoved, 0, make_link);
    }
    CHECK(StagedFile(root, "a", "new").place(expected).status == WriteStatus::changed);
    CHECK(std::filesystem::is_symlink(at.path / "a"));
    CHECK(at.get("target") == "old");
}

TEST_CASE_METHOD(Fixture, "a write through a descriptor opened before the swap is not lost") {
    at.put("a", "old");
    const auto expected = expect(root, "a");
    const int file = ::open((at / "a").c_str(), O_WRONLY | O_APPEND);
    REQUIRE(file >= 0);
    // The first stat of the displaced file begins the check, the second ends it.
    once_before("stat", kMoved, 1, [&] {
        if (::write(file, " and more", 9) != 9) std::abort();
    });
    CHECK(StagedFile(root, "a", "new").place(expected).status == WriteStatus::changed);
    CHECK(at.get("a") == "old and more");
    ::close(file);
}

TEST_CASE_METHOD(Fixture,
                 "when a displaced edit cannot go back, both edits are kept, the later one in place") {
    at.put("a", "old");
    const auto expected = expect(root, "a");
    int exchanges = 0;
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation != "exchange") return;
        ++exchanges;
        if (exchanges == 1) save_by_rename(at, "a", "first edit");
        if (exchanges == 2) save_by_rename(at, "a", "second edit");
    };
    const auto outcome = StagedFile(root, "a", "new").place(expected);
    CHECK(outcome.status == WriteStatus::changed);
    CHECK(at.get("a") == "second edit");
    REQUIRE_FALSE(outcome.rescued.empty());
    CHECK(at.get(outcome.rescued) == "first edit");
}

TEST_CASE_METHOD(
    Fixture,
    "[trap-18] an edit of equal size and preserved mtime in ours is kept when a displaced one goes back") {
    at.put("a", "old!");
    const auto expected = expect(root, "a");
    int exchanges = 0;
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation != "exchange") return;
        ++exchanges;
        if (exchanges == 1) save_by_rename(at, "a", "first edit");
        if (exchanges == 2) edit_keeping_mtime(at, "a", "edit");
    };
    const auto outcome = StagedFile(root, "a", "new!").place(expected);
    CHECK(outcome.status == WriteStatus::changed);
    CHECK(at.get("a") == "edit");
    REQUIRE_FALSE(outcome.rescued.empty());
    CHECK(at.get(outcome.rescued) == "first edit");
}

TEST_CASE_METHOD(Fixture, "a displaced edit goes back also when somebody removed ours meanwhile") {
    at.put("sub/a", "old");
    const auto expected = expect(root, "sub/a");
    int exchanges = 0;
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation != "exchange") return;
        ++exchanges;
        if (exchanges == 1) save_by_rename(at, "sub/a", "edit");
        if (exchanges == 2) std::filesystem::remove_all(at.path / "sub");
    };
    CHECK(StagedFile(root, "sub/a", "new").place(expected).status == WriteStatus::changed);
    CHECK(at.get("sub/a") == "edit");
}

TEST_CASE_METHOD(Fixture, "a stat is handed out only while the file is ours") {
    at.put("a", "old");
    const auto expected = expect(root, "a");
    once_before("remove", kMoved, 0, [&] { edit_keeping_mtime(at, "a", "news"); });
    const auto outcome = StagedFile(root, "a", "new").place(expected);
    CHECK(outcome.status == WriteStatus::done);
    CHECK(at.get("a") == "news");
    CHECK(outcome.stat != root.stat("a"));
}

TEST_CASE_METHOD(Fixture, "a staged file that is not placed leaves nothing") {
    { StagedFile staged(root, "a", "x"); }
    StagedFile first(root, "a", "moved");
    StagedFile second(std::move(first));
    CHECK(second.place({}).status == WriteStatus::done);
    CHECK_THROWS_AS(second.place({}), Error);
    CHECK(names_in(at, "") == std::vector<std::string>{".fluentsync", "a"});
}

TEST_CASE_METHOD(Fixture, "a swap that is refused leaves the file, and nothing of ours") {
    at.put("a", "old");
    once_before("exchange", kMoved, 0, [] { throw runtime::PathRefused(ErrorCode::io, "refused", "a"); });
    CHECK_THROWS_AS(StagedFile(root, "a", "new").place(expect(root, "a")), runtime::PathRefused);
    CHECK(at.get("a") == "old");
}

TEST_CASE_METHOD(Fixture, "parents that somebody removes at the same moment are made again") {
    std::filesystem::create_directory(at.path / "note");
    once_before("rename_new", ".fluentsync", 0, [&] { std::filesystem::remove(at.path / "note"); });
    CHECK(StagedFile(root, "note/a", "new").place({}).status == WriteStatus::done);
    CHECK(at.get("note/a") == "new");
}

TEST_CASE("property: no save by another thread is lost while files are placed") {
    TempFolder at;
    const auto root = runtime::open_folder(at.path.string(), false);
    constexpr int kSaves = 300;
    at.put("a", "0");
    std::thread writer([&at] {
        for (int i = 1; i <= kSaves; ++i)
            save_by_rename(at, "a", std::to_string(i));
    });
    // The last of the writer's contents that we read and were allowed to replace.
    std::string agreed;
    bool lost = false;
    for (int round = 0; round < kSaves; ++round) {
        std::string bytes;
        const auto stat = root->read("a", 100, bytes);
        const auto outcome = StagedFile(*root, "a", "ours").place({stat, base::hash_blob(bytes)});
        lost |= !outcome.rescued.empty() && at.get(outcome.rescued).empty();
        if (outcome.status == WriteStatus::done && bytes != "ours") agreed = bytes;
    }
    writer.join();
    const auto last = std::to_string(kSaves);
    bool kept = at.get("a") == last || agreed == last;
    for (const auto& name : names_in(at, files::kRescuedFolder))
        kept |= at.get(files::join(files::kRescuedFolder, name)) == last;
    CHECK(kept);
    CHECK_FALSE(lost);
    CHECK(names_in(at, files::kTemporaryFolder).empty());
}
