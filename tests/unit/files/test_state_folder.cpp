#include "fluentsync/state_folder.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <functional>

#include "../../support/unprivileged.hpp"
#include "../runtime/temp_folder.hpp"
#include "files/layout.hpp"
#include "files/root_claim.hpp"
#include "fluentsync/error.hpp"

using namespace fluentsync;
using files::RootClaim;

namespace {

namespace fs = std::filesystem;

constexpr uid_t kStranger = 4711;
constexpr uid_t kNobody = 65534;

mode_t mode_of(const std::string& path) {
    struct stat info = {};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    return info.st_mode & 07777;
}

/// What the call refuses with: one line. Empty: it does not.
std::string refusal(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::cannot_open);
        const std::string words = error.what();
        CHECK(words.find('\n') == std::string::npos);
        return words;
    }
    return {};
}

std::string refusal_to_claim(const TempFolder& at) {
    return refusal([&] { RootClaim(runtime::open_folder(at.path.string(), false), true); });
}

void make_socket(const std::string& path) {
    const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(made);
}

/// What has no place where a file of ours is looked for.
void put_no_file(const TempFolder& at, const std::string& name, const std::string& kind) {
    const std::string path = at / name;
    if (kind == "link") fs::create_symlink(at / "outside", path);
    if (kind == "dangling link") fs::create_symlink(at / "nowhere", path);
    if (kind == "FIFO") REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    if (kind == "folder") fs::create_directory(path);
    if (kind == "socket") make_socket(path);
    if (kind == "hard link") fs::create_hard_link(at / "outside", path);
}

class Umask {
  public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;
    ~Umask() { ::umask(before_); }

  private:
    mode_t before_;
};

}  // namespace

TEST_CASE("state folder: what a claim and a program make is nobody else's to read, whatever the umask") {
    const Umask umask(GENERATE(0, 002, 022, 077));
    TempFolder at;
    const RootClaim claim(runtime::open_folder(at.path.string(), false), true);
    const auto state = StateFolder::make(at.path.string());
    state.replace("config.json", "{}");
    CHECK(state.read("config.json", 10) == "{}");
    CHECK(state.path() == at / ".fluentsync");
    for (const char* folder : {".fluentsync", files::kTemporaryFolder})
        CHECK(mode_of(at / folder) == 0700);
    for (const char* file :
         {files::kLockFile, files::kMarkerFile, files::kIgnoreFile, ".fluentsync/config.json"})
        CHECK(mode_of(at / file) == 0600);
    CHECK(fs::is_empty(at / files::kTemporaryFolder));
}

TEST_CASE("state folder: one of ours that others may read or write is taken, and theirs no more") {
    TempFolder at;
    const auto folder = runtime::open_folder(at.path.string(), false);
    const std::string id = RootClaim(folder, true).id();
    at.put(".fluentsync/config.json", "{}");
    for (const char* path : {".fluentsync", files::kTemporaryFolder})
        REQUIRE(::chmod((at / path).c_str(), 0775) == 0);
    for (const char* path : {files::kLockFile, files::kMarkerFile, ".fluentsync/config.json"})
        REQUIRE(::chmod((at / path).c_str(), 0664) == 0);
    CHECK(RootClaim(folder, false).id() == id);
    CHECK(StateFolder::find(at.path.string())->read("config.json", 10) == "{}");
    for (const char* path : {".fluentsync", files::kTemporaryFolder})
        CHECK(mode_of(at / path) == 0700);
    for (const char* path : {files::kLockFile, files::kMarkerFile, ".fluentsync/config.json"})
        CHECK(mode_of(at / path) == 0600);
}

TEST_CASE(
    "state folder: [trap-42] a thing that is no folder in its place, or one of its folders', is refused") {
    const std::string kind = GENERATE("link", "dangling link", "FIFO", "socket", "file");
    const std::string name = GENERATE(".fluentsync", ".fluentsync/tmp", ".fluentsync/rescued");
    CAPTURE(kind, name);
    TempFolder at;
    fs::create_directory(at / "outside");
    fs::create_directories(fs::path(at / name).parent_path());
    if (kind == "file") at.put(name, "");
    put_no_file(at, name, kind);
    CHECK(refusal_to_claim(at).find(at / name) != std::string::npos);
    CHECK(refusal([&] { StateFolder::make(at.path.string()); }).find("remove it") != std::string::npos);
    CHECK_FALSE(refusal([&] { StateFolder::find(at.path.string()); }).empty());
    CHECK(fs::is_empty(at / "outside"));
    CHECK_FALSE(fs::exists(at / "nowhere"));
}

TEST_CASE(
    "state folder: anything else than a regular file of one name is refused, and waited for by nobody") {
    const std::string kind = GENERATE("link", "dangling link", "FIFO", "folder", "socket", "hard link");
    const std::string name = GENERATE("lock", "folder-id", ".gitignore", "config.json");
    CAPTURE(kind, name);
    TempFolder at;
    at.put("outside", std::string(32, 'a') + "\n");
    fs::create_directory(at / ".fluentsync");
    put_no_file(at, ".fluentsync/" + name, kind);
    const auto state = StateFolder::make(at.path.string());
    if (name != "config.json") CHECK_FALSE(refusal_to_claim(at).empty());
    CHECK(refusal([&] { state.read(name, 100); }).find(at / ".fluentsync/" + name) != std::string::npos);
    CHECK_FALSE(refusal([&] { state.replace(name, "x"); }).empty());
    CHECK_FALSE(refusal([&] { state.open_lock(name, true); }).empty());
    CHECK_FALSE(refusal([&] { state.check_file(name); }).empty());
    CHECK(at.get("outside") == std::string(32, 'a') + "\n");
    CHECK_FALSE(fs::exists(at / "nowhere"));
}

TEST_CASE("state folder: what belongs to somebody else is refused by name, and what is root's is taken") {
    if (::geteuid() != 0) return;  // Only root gives files away.
    TempFolder at;
    const auto give = [&](const std::string& name, uid_t owner) {
        REQUIRE(::lchown((at / name).c_str(), owner, owner) == 0);
    };
    fs::create_directories(at / ".fluentsync/tmp");
    at.put(".fluentsync/config.json", "{}");
    const auto read = [&] { return StateFolder::make(at.path.string()).read("config.json", 10); };
    SECTION("each of them, asked by root") {
        const std::string name = GENERATE(".fluentsync", ".fluentsync/tmp", ".fluentsync/config.json");
        give(name, kNobody);
        const std::string words = refusal(read);
        CHECK(words.find("belongs to user 'nobody' (65534)") != std::string::npos);
        CHECK(words.find(at / name) != std::string::npos);
    }
    SECTION("one that no list of users knows") {
        give(".fluentsync", kStranger);
        CHECK(refusal(read).find("belongs to user 4711") != std::string::npos);
    }
    SECTION("root takes the word of the folder's owner") {
        for (const char* name : {"", ".fluentsync", ".fluentsync/tmp", ".fluentsync/config.json"})
            give(name, kNobody);
        CHECK(read() == "{}");
        StateFolder::make(at.path.string()).replace("config.json", "{ }");
        struct stat info = {};
        REQUIRE(::stat((at / ".fluentsync/config.json").c_str(), &info) == 0);
        CHECK(info.st_uid == kNobody);
    }
    SECTION("another user does not, and takes that of root") {
        REQUIRE(::chmod(at.path.c_str(), 0755) == 0);
        REQUIRE(::chmod((at / ".fluentsync").c_str(), 0755) == 0);
        REQUIRE(::chmod((at / ".fluentsync/config.json").c_str(), 0644) == 0);
        {
            const support::Unprivileged nobody;
            CHECK(read() == "{}");
        }
        give("", kStranger);
        give(".fluentsync/config.json", kStranger);
        const support::Unprivileged nobody;
        CHECK_FALSE(refusal(read).empty());
    }
    SECTION("a claim") {
        give(".fluentsync", kStranger);
        CHECK_FALSE(refusal_to_claim(at).empty());
    }
}

TEST_CASE("state folder: files of it are read up to a limit, replaced as a whole, and removed") {
    TempFolder at;
    CHECK_FALSE(StateFolder::find(at.path.string()));
    CHECK_FALSE(StateFolder::find(at / "nowhere"));
    const auto state = StateFolder::make(at.path.string());
    CHECK_FALSE(state.read("run.json", 10));
    CHECK(state.open_lock("run.lock", false) == -1);
    CHECK_FALSE(state.check_file("run.json"));
    state.replace("run.json", "0123456789");
    state.replace("run.json", "9876543210");
    CHECK(state.read("run.json", 10) == "9876543210");
    CHECK_THROWS_AS(state.read("run.json", 9), Error);
    CHECK(state.remove("run.json"));
    CHECK_FALSE(state.remove("run.json"));
    for (const char* name : {"", ".", "..", "../x", "tmp/x"})
        CHECK_THROWS_AS(state.replace(name, "x"), Error);
    CHECK_FALSE(fs::exists(at / "x"));
}
