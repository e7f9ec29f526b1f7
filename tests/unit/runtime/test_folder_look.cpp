#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "folder_variants.hpp"
#include "temp_folder.hpp"

using namespace fluentsync;
using namespace fluentsync::runtime;

namespace {

constexpr auto kNoLimit = std::numeric_limits<std::uint64_t>::max();

std::vector<std::string> names_of(std::vector<FolderEntry> entries) {
    std::vector<std::string> names;
    for (auto& entry : entries)
        names.push_back(entry.name);
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("a folder is opened, made, or refused with its name") {
    TempFolder temp;
    CHECK(code_of([&] { open_folder(temp / "no", false); }) == ErrorCode::cannot_open);
    CHECK(code_of([&] { open_folder("", true); }) == ErrorCode::cannot_open);
    temp.put("file", "x");
    CHECK(code_of([&] { open_folder(temp / "file", false); }) == ErrorCode::cannot_open);
    CHECK(code_of([&] { open_folder(temp / "file/below", true); }) == ErrorCode::cannot_open);
    const auto made = open_folder(temp / "a/b/", true);
    CHECK(made->absolute_path() == temp / "a/b");
    CHECK(made->identity().kind == FileKind::folder);
    CHECK(made->identity() == open_folder(temp / "a/b", false)->stat(""));
}

TEST_CASE("identity follows the path, not the open folder [trap-09]") {
    TempFolder temp;
    const auto folder = open_folder(temp / "root", true);
    const auto before = folder->identity();
    std::filesystem::rename(temp / "root", temp / "away");
    CHECK(folder->identity().kind == FileKind::none);
    std::filesystem::create_directory(temp / "root");
    CHECK(folder->identity().inode != before.inode);
}

TEST_CASE("stat tells what is there") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    temp.put("a/b/c.md", "12345");
    chmod((temp / "a/b/c.md").c_str(), 0750);
    symlink("c.md", (temp / "a/b/link").c_str());
    mkfifo((temp / "fifo").c_str(), 0600);

    const auto file = folder->stat("a/b/c.md");
    CHECK(file.kind == FileKind::regular);
    CHECK(file.size == 5);
    CHECK(file.mode == 0750);
    CHECK(file.executable);
    struct stat truth {};
    REQUIRE(::stat((temp / "a/b/c.md").c_str(), &truth) == 0);
    CHECK(file.inode == truth.st_ino);
    CHECK(file.device == truth.st_dev);
    CHECK(file.mtime_ns == truth.st_mtim.tv_sec * 1'000'000'000LL + truth.st_mtim.tv_nsec);
    CHECK(file.ctime_ns == truth.st_ctim.tv_sec * 1'000'000'000LL + truth.st_ctim.tv_nsec);

    CHECK(folder->stat("a").kind == FileKind::folder);
    CHECK(folder->stat("a/b/link").kind == FileKind::symlink);
    CHECK(folder->stat("fifo").kind == FileKind::other);
    CHECK_FALSE(folder->stat("no").exists());
    CHECK_FALSE(folder->stat("no/no").exists());
    CHECK_FALSE(folder->stat("a/b/c.md/below").exists());
}

TEST_CASE("a symbolic link on the way is refused by every call [trap-42]") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    temp.put("outside/x.md", "secret");
    temp.put("root/y.md", "y");
    symlink("../outside", (temp / "root/in").c_str());
    symlink("y.md", (temp / "root/y-link").c_str());
    const auto folder = open_variant(temp / "root", kernel);
    std::string bytes;
    CHECK(code_of([&] { folder->stat("in/x.md"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->read("in/x.md", kNoLimit, bytes); }) == ErrorCode::io);
    CHECK(bytes.empty());
    CHECK(code_of([&] { folder->list("in"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->make_folders("in/new"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->make_folders("in"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->write_new("in/new.md", "n"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->rename_new("y.md", "in/y.md"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->rename_new("in/x.md", "x.md"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->exchange("y.md", "in/x.md"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->remove("in/x.md"); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->remove_folder("in/x"); }) == ErrorCode::io);
    CHECK(folder->read("y-link", kNoLimit, bytes).kind == FileKind::symlink);
    CHECK(bytes.empty());
    CHECK_FALSE(folder->remove_folder("in"));
    CHECK(temp.get("outside/x.md") == "secret");
    CHECK(names_of(open_folder(temp / "outside", false)->list("")) == std::vector<std::string>{"x.md"});
}

TEST_CASE("a path that could leave the root is refused [trap-37]") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    for (const std::string path :
         {"../x", "a/../../x", "/etc/passwd", "a//b", "a/", "./a", ".", "..", "a/."}) {
        INFO(path);
        CHECK(code_of([&] { folder->stat(path); }) == ErrorCode::invalid_argument);
        CHECK(code_of([&] { folder->write_new(path, "x"); }) == ErrorCode::invalid_argument);
        CHECK(code_of([&] { folder->make_folders(path); }) == ErrorCode::invalid_argument);
    }
    CHECK(code_of([&] { folder->stat(std::string("a\0b", 3)); }) == ErrorCode::invalid_argument);
    CHECK(code_of([&] { folder->remove(""); }) == ErrorCode::invalid_argument);
}

TEST_CASE("read returns the bytes and the stat before them") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    const std::string binary("\0\r\n\xFF", 4);
    temp.put("d/binary", binary);
    temp.put("empty", "");
    std::string bytes = "old";
    CHECK(folder->read("d/binary", kNoLimit, bytes) == folder->stat("d/binary"));
    CHECK(bytes == binary);
    CHECK(folder->read("empty", kNoLimit, bytes).kind == FileKind::regular);
    CHECK(bytes.empty());
    bytes = "old";
    CHECK_FALSE(folder->read("no", kNoLimit, bytes).exists());
    CHECK(bytes.empty());
    CHECK_FALSE(folder->read("no/no", kNoLimit, bytes).exists());
    CHECK(folder->read("d", kNoLimit, bytes).kind == FileKind::folder);
}

TEST_CASE("read stops one byte after the limit [trap-48]") {
    TempFolder temp;
    const auto folder = open_folder(temp.path, false);
    temp.put("big", std::string(300'000, 'x'));
    std::string bytes;
    CHECK(folder->read("big", 1000, bytes).size == 300'000);
    CHECK(bytes.size() == 1001);
    folder->read("big", 300'000, bytes);
    CHECK(bytes.size() == 300'000);
    folder->read("big", 299'999, bytes);
    CHECK(bytes.size() == 300'000);
    folder->read("big", 0, bytes);
    CHECK(bytes == "x");
}

TEST_CASE("a FIFO, a socket and a device are named, not read [trap-42]") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    REQUIRE(mkfifo((temp / "fifo").c_str(), 0600) == 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (temp / "socket").c_str(), sizeof address.sun_path - 1);
    const int server = socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    std::string bytes;
    CHECK(folder->read("fifo", kNoLimit, bytes).kind == FileKind::other);
    CHECK(folder->read("socket", kNoLimit, bytes).kind == FileKind::other);
    CHECK(bytes.empty());
    close(server);
}

TEST_CASE("list tells each entry with its stat") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    CHECK(folder->list("").empty());
    temp.put("d/a.md", "a");
    temp.put("d/sub/b.md", "b");
    temp.put("d/.hidden", "h");
    symlink("nowhere", (temp / "d/dangling").c_str());
    const auto entries = folder->list("d");
    CHECK(names_of(entries) == std::vector<std::string>{".hidden", "a.md", "dangling", "sub"});
    for (const auto& entry : entries)
        CHECK(entry.stat == folder->stat("d/" + entry.name));
    CHECK(names_of(folder->list("")) == std::vector<std::string>{"d"});
    CHECK(folder->list("no").empty());
    CHECK(folder->list("no/no").empty());
    CHECK(folder->list("d/a.md").empty());
}

TEST_CASE("subfolders are the folders of the listing, links left out") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    CHECK(folder->subfolders("").empty());
    temp.put("d/a.md", "a");
    temp.put("d/sub/b.md", "b");
    temp.put("d/.hidden/c.md", "c");
    symlink("sub", (temp / "d/link").c_str());
    auto names = folder->subfolders("d");
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{".hidden", "sub"});
    CHECK(folder->subfolders("") == std::vector<std::string>{"d"});
    CHECK(folder->subfolders("no").empty());
    CHECK(folder->subfolders("d/a.md").empty());
}

TEST_CASE("a removed root is an error, not an empty listing [trap-09]") {
    TempFolder temp;
    const auto folder = open_folder(temp / "root", true);
    std::filesystem::remove(temp / "root");
    CHECK(code_of([&] { folder->list(""); }) == ErrorCode::io);
    CHECK(code_of([&] { folder->subfolders(""); }) == ErrorCode::io);
}

TEST_CASE("odd names pass through unchanged [trap-39]") {
    const bool kernel = GENERATE(true, false);
    TempFolder temp;
    const auto folder = open_variant(temp.path, kernel);
    for (const std::string name :
         {"{x} %s 100%", " lead", "new\nline", "caf\xE9", "\xF0\x9F\x98\x80", "-rf", "a\\b"}) {
        folder->write_new(name, name);
        std::string bytes;
        folder->read(name, kNoLimit, bytes);
        CHECK(bytes == name);
    }
    CHECK(folder->list("").size() == 7);
}

TEST_CASE("failures name the path, the reason and what to do") {
    TempFolder temp;
    const auto folder = open_folder(temp.path, false);
    symlink("/etc", (temp / "etc").c_str());
    try {
        folder->stat("etc/passwd");
        FAIL("a link was followed");
    } catch (const Error& error) {
        CHECK(error.path() == "etc/passwd");
        CHECK_THAT(error.what(), Catch::Contains("'etc/passwd'") && Catch::Contains("symbolic links"));
    }
    CHECK(code_of([&] { folder->stat(std::string(300, 'n')); }) == ErrorCode::io);
    CHECK_THROWS_AS(folder->stat(std::string(300, 'n')), PathRefused);  // Another path may be taken.
}
