#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <limits>

#include "folder_variants.hpp"
#include "temp_folder.hpp"

using namespace fluentsync;
using namespace fluentsync::runtime;

TEST_CASE("write_new makes a whole file, as the umask leaves it") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    const mode_t old_mask = umask(077);
    const auto plain = folder->write_new("plain.md", "plain");
    const auto exact = folder->write_new("exact.sh", "exact", {{}, true});
    umask(old_mask);
    CHECK(plain.mode == 0600);
    CHECK(exact.mode == 0700);
    CHECK(exact.executable);
    CHECK(exact == folder->stat("exact.sh"));
    CHECK(temp.get("exact.sh") == "exact");
    CHECK(code_of([&] { folder->write_new("exact.sh", "again"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->write_new("no/x.md", "x"); }) == ErrorCode::io);
    CHECK(temp.get("exact.sh") == "exact");
}

TEST_CASE("a plain write after write_new always shows in the time [trap-04]") {
    TempFolder temp;
    const auto folder = open_folder(temp.path, false);
    for (int i = 0; i < 50; ++i) {
        const std::string name = "f" + std::to_string(i);
        const auto written = folder->write_new(name, "same");
        REQUIRE(written == folder->stat(name));
        const int fd = ::open((temp / name).c_str(), O_WRONLY | O_CLOEXEC);
        REQUIRE(::write(fd, "SAME", 4) == 4);
        ::close(fd);
        REQUIRE(folder->stat(name).mtime_ns != written.mtime_ns);
    }
}

TEST_CASE("a write that fails leaves no file behind") {
    TempFolder temp;
    const auto folder = open_folder(temp.path, false);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const auto code = code_of([&] { folder->write_new("big", std::string(5000, 'x')); });
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    CHECK(code == ErrorCode::io);
    CHECK_FALSE(folder->stat("big").exists());
}

TEST_CASE("rename_new never replaces") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    temp.put("tmp/a", "new");
    temp.put("notes/b", "theirs");
    CHECK(folder->rename_new("tmp/a", "notes/b") == RenameOutcome::target_exists);
    CHECK(temp.get("tmp/a") == "new");
    CHECK(temp.get("notes/b") == "theirs");
    CHECK(folder->rename_new("tmp/a", "notes/c") == RenameOutcome::done);
    CHECK(temp.get("notes/c") == "new");
    CHECK_FALSE(folder->stat("tmp/a").exists());
    CHECK(folder->rename_new("tmp/a", "notes/d") == RenameOutcome::missing);
    CHECK(folder->rename_new("no/a", "notes/d") == RenameOutcome::missing);
    CHECK(code_of([&] { folder->rename_new("notes/b", "no/d"); }) == ErrorCode::io);
    CHECK(temp.get("notes/b") == "theirs");
}

TEST_CASE("rename_new moves a folder and counts a dangling link as there") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    temp.put("from/x", "x");
    CHECK(folder->rename_new("from", "to") == RenameOutcome::done);
    CHECK(temp.get("to/x") == "x");
    symlink("nowhere", (temp / "dangling").c_str());
    CHECK(folder->rename_new("to/x", "dangling") == RenameOutcome::target_exists);
    CHECK(folder->rename_new("to", "dangling") == RenameOutcome::target_exists);
}

TEST_CASE("exchange swaps two files and loses neither") {
    const auto features =
        GENERATE(PosixFeatures{}, PosixFeatures{false, false, true}, PosixFeatures{true, false, false});
    TempFolder temp;
    const auto folder = open_posix_folder(temp.path, false, features);
    temp.put("tmp/a", "ours");
    temp.put("notes/b", "theirs");
    CHECK(folder->exchange("tmp/a", "notes/b") == RenameOutcome::done);
    CHECK(temp.get("tmp/a") == "theirs");
    CHECK(temp.get("notes/b") == "ours");
    CHECK(folder->exchange("tmp/a", "notes/no") == RenameOutcome::missing);
    CHECK(folder->exchange("tmp/no", "notes/b") == RenameOutcome::missing);
    CHECK(folder->exchange("no/a", "notes/b") == RenameOutcome::missing);
    CHECK(temp.get("tmp/a") == "theirs");
    CHECK(temp.get("notes/b") == "ours");
    CHECK(folder->list("tmp").size() == 1);
    CHECK(folder->list("notes").size() == 1);
}

TEST_CASE("folders are made with all parents and removed only when empty") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    folder->make_folders("a/b/c");
    folder->make_folders("a/b/c");
    folder->make_folders("a/b/d");
    CHECK(folder->stat("a/b/c").kind == FileKind::folder);
    CHECK_FALSE(folder->remove_folder("a/b"));
    CHECK(folder->remove_folder("a/b/c"));
    CHECK_FALSE(folder->remove_folder("a/b/c"));
    CHECK_FALSE(folder->remove_folder("no/no"));
    temp.put("a/file", "x");
    CHECK(code_of([&] { folder->make_folders("a/file"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->make_folders("a/file/below"); }) == ErrorCode::io);
    CHECK_FALSE(folder->remove_folder("a/file"));
    CHECK(temp.get("a/file") == "x");
}

TEST_CASE("remove tells whether there was something") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    temp.put("a/x", "x");
    CHECK(folder->remove("a/x"));
    CHECK_FALSE(folder->remove("a/x"));
    CHECK_FALSE(folder->remove("no/x"));
    CHECK(code_of([&] { folder->remove("a"); }) == ErrorCode::io);
    CHECK(folder->stat("a").kind == FileKind::folder);
}

TEST_CASE("sync makes the folder durable without a complaint") {
    TempFolder temp;
    const auto folder = open_folder(temp.path, false);
    folder->write_new("x", "x");
    CHECK(code_of([&] { folder->sync(); }) == ErrorCode::ok);
}

TEST_CASE("no descriptor stays open and none is inherited") {
    TempFolder temp;
    const auto count = [] {
        std::size_t open = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            ++open;
            const int fd = std::stoi(entry.path().filename());
            if (fd > 2 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0) open += 1000;
        }
        return open;
    };
    const auto before = count();
    {
        const auto folder = open_folder(temp.path, false);
        CHECK(count() == before + 1);
        std::string bytes;
        folder->make_folders("a/b");
        folder->write_new("a/b/c", "c");
        folder->read("a/b/c", 10, bytes);
        folder->read("a/no", 10, bytes);
        folder->read("a/b", 10, bytes);
        folder->list("a");
        folder->rename_new("a/b/c", "a/d");
        folder->exchange("a/d", "a/no");
        folder->remove("a/d");
        folder->sync();
        CHECK(count() == before + 1);
    }
    CHECK(count() == before);
}
