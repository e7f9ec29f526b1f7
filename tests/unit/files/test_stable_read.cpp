#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "files/stable_read.hpp"
#include "hook_folder.hpp"
#include "stranger.hpp"

using namespace fluentsync;
using files::read_stable;
using files::ReadStatus;

namespace {

struct FixedClock final : base::Clock {
    std::int64_t now_ns = 0;
    std::int64_t wall_ms() const override { return now_ns / 1'000'000; }
    std::int64_t wall_ns() const override { return now_ns; }
    std::int64_t steady_ms() const override { return 0; }
};

constexpr std::uint64_t kLimit = 1000;

}  // namespace

TEST_CASE("a file at rest is read whole, with its hash") {
    TempFolder at;
    at.put("note/a.md", "hello\n");
    const auto root = runtime::open_folder(at.path.string(), false);
    const auto read = read_stable(*root, "note/a.md", kLimit, base::system_clock());
    CHECK(read.status == ReadStatus::ok);
    CHECK(read.bytes == "hello\n");
    CHECK(read.hash.hex() == "ce013625030ba8dba906f756967f9e9ca394464a");
    CHECK(read.stat == root->stat("note/a.md"));
    CHECK(read_stable(*root, "note/b.md", kLimit, base::system_clock()).status == ReadStatus::missing);
    CHECK(read_stable(*root, "other/b.md", kLimit, base::system_clock()).status == ReadStatus::missing);
}

TEST_CASE("a file changed just now is racy, one changed long ago is not") {
    TempFolder at;
    at.put("a", "x");
    const auto root = runtime::open_folder(at.path.string(), false);
    const auto ctime = root->stat("a").ctime_ns;
    FixedClock clock;
    const auto racy_at = [&](std::int64_t after_ns) {
        clock.now_ns = ctime + after_ns;
        return read_stable(*root, "a", kLimit, clock).racy;
    };
    CHECK(racy_at(0));
    CHECK(racy_at(1'000'000));
    CHECK_FALSE(racy_at(1'000'000'000));
    // A file server whose clock is ahead of ours.
    CHECK(racy_at(-10'000'000'000));
    // Stamped by a clock that has been set back since: not racy until then.
    CHECK_FALSE(racy_at(-86'400'000'000'000));
}

TEST_CASE("an mtime in the future makes no file racy") {
    TempFolder at;
    at.put("a", "x");
    const timespec times[2] = {{0, UTIME_OMIT}, {4'000'000'000, 0}};
    REQUIRE(::utimensat(AT_FDCWD, (at / "a").c_str(), times, 0) == 0);
    const auto root = runtime::open_folder(at.path.string(), false);
    FixedClock clock;
    clock.now_ns = root->stat("a").ctime_ns + 1'000'000'000;
    CHECK_FALSE(read_stable(*root, "a", kLimit, clock).racy);
}

TEST_CASE("[trap-13] a file that is being written is unstable") {
    TempFolder at;
    at.put("a", "half");
    HookFolder root(at.path.string());
    int reads = 0;
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation == "read") at.put("a", std::string(10 + ++reads, 'x'));
    };
    const auto read = read_stable(root, "a", kLimit, base::system_clock());
    CHECK(read.status == ReadStatus::unstable);
    CHECK(read.bytes.empty());
    CHECK(reads == 2);
}

TEST_CASE("[trap-13] a write that ends between two tries is read whole") {
    TempFolder at;
    at.put("a", "half");
    HookFolder root(at.path.string());
    bool written = false;
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation == "read" && !std::exchange(written, true)) at.put("a", "half and the rest");
    };
    const auto read = read_stable(root, "a", kLimit, base::system_clock());
    CHECK(read.status == ReadStatus::ok);
    CHECK(read.bytes == "half and the rest");
}

TEST_CASE("[trap-42] links, FIFOs and folders are told, not read") {
    TempFolder at;
    at.put("outside/secret", "s");
    at.put("root/file", "f");
    std::filesystem::create_symlink(at.path / "outside/secret", at.path / "root/link");
    std::filesystem::create_directory(at.path / "root/folder");
    REQUIRE(::mkfifo((at / "root/fifo").c_str(), 0600) == 0);
    const auto root = runtime::open_folder(at / "root", false);
    const auto kind_of = [&](const std::string& path) {
        const auto read = read_stable(*root, path, kLimit, base::system_clock());
        CHECK(read.status == ReadStatus::not_regular);
        CHECK(read.bytes.empty());
        return read.stat.kind;
    };
    CHECK(kind_of("link") == runtime::FileKind::symlink);
    CHECK(kind_of("fifo") == runtime::FileKind::other);
    CHECK(kind_of("folder") == runtime::FileKind::folder);
}

TEST_CASE("[trap-42] a file that becomes a link while it is looked at is not followed") {
    TempFolder at;
    at.put("outside", "s");
    at.put("root/a", "a");
    HookFolder root(at / "root");
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation != "read") return;
        std::filesystem::remove(at.path / "root/a");
        std::filesystem::create_symlink(at.path / "outside", at.path / "root/a");
    };
    const auto read = read_stable(root, "a", kLimit, base::system_clock());
    CHECK(read.status == ReadStatus::not_regular);
    CHECK(read.bytes.empty());
}

TEST_CASE("[trap-43] a file that vanishes between the look and the read is missing") {
    TempFolder at;
    at.put("a", "x");
    HookFolder root(at.path.string());
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation == "read") std::filesystem::remove(at.path / "a");
    };
    CHECK(read_stable(root, "a", kLimit, base::system_clock()).status == ReadStatus::missing);
}

TEST_CASE("[trap-48] a huge file is refused by its size, unread") {
    TempFolder at;
    at.put("a", "x");
    REQUIRE(::truncate((at / "a").c_str(), 1ll << 40) == 0);
    HookFolder root(at.path.string());
    bool was_read = false;
    root.before = [&](const std::string& operation, const std::string&) { was_read |= operation == "read"; };
    const auto read = read_stable(root, "a", kLimit, base::system_clock());
    CHECK(read.status == ReadStatus::too_large);
    CHECK(read.stat.size == 1ull << 40);
    CHECK_FALSE(was_read);
    at.put("b", std::string(kLimit, 'x'));
    CHECK(read_stable(root, "b", kLimit, base::system_clock()).status == ReadStatus::ok);
}
