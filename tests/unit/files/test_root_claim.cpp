#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <map>

#include "../runtime/temp_folder.hpp"
#include "files/layout.hpp"
#include "files/root_claim.hpp"
#include "fluentsync/error.hpp"

using namespace fluentsync;
using files::RootClaim;

namespace {

/// Every file and folder below, with all that a write would move.
std::map<std::string, runtime::FileStat> snapshot(const TempFolder& at) {
    const auto root = runtime::open_folder(at.path.string(), false);
    std::map<std::string, runtime::FileStat> found{{"", root->identity()}};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(at.path)) {
        const auto path = std::filesystem::relative(entry.path(), at.path).string();
        found[path] = root->stat(path);
    }
    return found;
}

/// Runs `body` in a child process and returns its exit code.
template <typename Body>
int in_child(const Body& body) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(body());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a claim makes our folder, its ignore file and a marker") {
    TempFolder at;
    RootClaim claim(runtime::open_folder(at.path.string(), false), true);
    CHECK(claim.id().size() == 32);
    CHECK(at.get(files::kMarkerFile) == claim.id() + "\n");
    CHECK(at.get(files::kIgnoreFile) == "*\n");
    CHECK(std::filesystem::is_directory(at.path / files::kTemporaryFolder));
    CHECK(RootClaim::read_marker(*runtime::open_folder(at.path.string(), false)) == claim.id());
    CHECK(claim.verified());
}

TEST_CASE("a second claim of an unchanged folder writes nothing") {
    TempFolder at;
    const auto folder = runtime::open_folder(at.path.string(), false);
    const auto id = RootClaim(folder, true).id();
    const auto before = snapshot(at);
    {
        RootClaim again(folder, true);
        CHECK(again.id() == id);
        CHECK(again.verified());
    }
    CHECK(snapshot(at) == before);
}

TEST_CASE("a missing or unreadable marker is not made unless asked for") {
    TempFolder at;
    const auto folder = runtime::open_folder(at.path.string(), false);
    at.put(files::kMarkerFile, "not a marker\n");
    RootClaim claim(folder, false);
    CHECK(claim.id().empty());
    CHECK_FALSE(claim.verified());
    CHECK(at.get(files::kMarkerFile) == "not a marker\n");
    claim.make_marker();
    CHECK(claim.id().size() == 32);
    CHECK(claim.verified());
    const auto first = claim.id();
    claim.make_marker();
    CHECK(claim.id() != first);
    CHECK(claim.verified());
}

TEST_CASE("[trap-09] a folder that is another one, or gone, is not verified") {
    TempFolder at;
    at.put("root/note/a.md", "x");
    RootClaim claim(runtime::open_folder(at / "root", false), true);
    REQUIRE(claim.verified());
    SECTION("the marker is gone: emptied") {
        std::filesystem::remove(at.path / "root" / files::kMarkerFile);
    }
    SECTION("the marker is another one") {
        at.put(std::string("root/") + files::kMarkerFile, std::string(32, 'a') + "\n");
    }
    SECTION("another folder is in its place, with the same marker") {
        std::filesystem::rename(at.path / "root", at.path / "aside");
        std::filesystem::copy(at.path / "aside", at.path / "root", std::filesystem::copy_options::recursive);
    }
    SECTION("nothing is in its place") {
        std::filesystem::rename(at.path / "root", at.path / "aside");
    }
    CHECK_FALSE(claim.verified());
}

TEST_CASE("[trap-53] a second claim in this process is refused, naming path and process") {
    TempFolder at;
    const auto path = at.path.string();
    {
        RootClaim claim(runtime::open_folder(path, false), true);
        try {
            RootClaim second(runtime::open_folder(path, false), true);
            FAIL("claimed twice");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::folder_owned);
            CHECK(error.path() == path);
            CHECK(std::string(error.what()).find(std::to_string(::getpid())) != std::string::npos);
        }
        // The refused claim must not have dropped the lock of the first.
        CHECK(in_child([&] {
                  try {
                      RootClaim other(runtime::open_folder(path, false), false);
                      return 1;
                  } catch (const Error& error) {
                      const auto parent = "process " + std::to_string(::getppid());
                      const bool named = std::string(error.what()).find(parent) != std::string::npos;
                      return error.code() == ErrorCode::folder_owned && named ? 0 : 2;
                  }
              }) == 0);
    }
    CHECK(in_child([&] {
              RootClaim other(runtime::open_folder(path, false), false);
              return other.verified() ? 0 : 1;
          }) == 0);
    RootClaim again(runtime::open_folder(path, false), false);
    CHECK(again.verified());
}

TEST_CASE("[trap-53] a claim ends with its process, however it dies") {
    TempFolder at;
    const auto path = at.path.string();
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        RootClaim claim(runtime::open_folder(path, false), true);
        if (::write(ready[1], "x", 1) != 1) ::_exit(1);
        for (;;)
            ::pause();
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ErrorCode code = ErrorCode::ok;
    std::string message;
    try {
        RootClaim claim(runtime::open_folder(path, false), true);
    } catch (const Error& error) {
        code = error.code();
        message = error.what();
    }
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(code == ErrorCode::folder_owned);
    CHECK(message.find("process " + std::to_string(child)) != std::string::npos);
    CHECK(RootClaim(runtime::open_folder(path, false), false).verified());
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("[trap-42] a link in place of our folder is refused") {
    TempFolder at;
    std::filesystem::create_directories(at.path / "outside");
    std::filesystem::create_directories(at.path / "root");
    std::filesystem::create_directory_symlink(at.path / "outside", at.path / "root/.fluentsync");
    CHECK_THROWS_AS(RootClaim(runtime::open_folder(at / "root", false), true), Error);
    CHECK(std::filesystem::is_empty(at.path / "outside"));
}
