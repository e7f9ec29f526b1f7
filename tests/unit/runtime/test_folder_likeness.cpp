// Whom a new file belongs to, and who may use it: what it takes over from the file or folder at its place.
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>

#include "../../support/unprivileged.hpp"
#include "folder_variants.hpp"
#include "temp_folder.hpp"

using namespace fluentsync;
using namespace fluentsync::runtime;

namespace {

constexpr uid_t kPerson = 1234;
constexpr gid_t kTeam = 2345;
constexpr const char* kAccess = "system.posix_acl_access";
constexpr const char* kDefault = "system.posix_acl_default";

struct Fixture {
    Fixture() { ::umask(022); }
    ~Fixture() { ::umask(mask_); }

    struct stat look(const std::string& path) const {
        struct stat info = {};
        REQUIRE(::lstat((at / path).c_str(), &info) == 0);
        return info;
    }
    mode_t mode(const std::string& path) const { return look(path).st_mode & 07777; }
    void chmod(const std::string& path, mode_t mode) const {
        REQUIRE(::chmod((at / path).c_str(), mode) == 0);
    }
    void chown(const std::string& path, uid_t user, gid_t group) const {
        REQUIRE(::chown((at / path).c_str(), user, group) == 0);
    }
    bool set(const std::string& path, const char* name, const std::string& value) const {
        return ::setxattr((at / path).c_str(), name, value.data(), value.size(), 0) == 0;
    }
    std::string get(const std::string& path, const char* name) const {
        std::string value(1024, '\0');
        const auto size = ::getxattr((at / path).c_str(), name, value.data(), value.size());
        value.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return value;
    }
    /// Writes beside `path` what is to replace it.
    FileStat write_for(const std::string& path, std::optional<bool> executable = {}) {
        folder->remove("new");
        return folder->write_new("new", "bytes", {path, executable});
    }

    const mode_t mask_ = ::umask(022);
    TempFolder at;
    std::shared_ptr<Folder> folder = open_folder(at.path, false);
};

/// In the kernel's form: rwx of owner, a user named, the group, the mask, others.
std::string access_list(int owner, int person, int group, int mask, int others) {
    std::string list("\2\0\0\0", 4);
    const auto add = [&](int tag, int bits, unsigned id) {
        for (const int byte : {tag, 0, bits, 0})
            list += static_cast<char>(byte);
        for (int shift = 0; shift < 32; shift += 8)
            list += static_cast<char>(id >> shift & 0xff);
    };
    constexpr unsigned kNobody = 0xffffffff;
    add(0x01, owner, kNobody);
    add(0x02, person, kPerson);
    add(0x04, group, kNobody);
    add(0x10, mask, kNobody);
    add(0x20, others, kNobody);
    return list;
}

bool is_root() {
    if (::geteuid() == 0) return true;
    WARN("not root: nothing can be given to another user");
    return false;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "what replaces a file has its permission bits, and never set-user-id") {
    at.put("a", "old");
    for (const mode_t mode : {0600, 0640, 0666, 0444, 0751}) {
        chmod("a", mode);
        CHECK(write_for("a").mode == mode);
    }
    chmod("a", 06755);
    write_for("a");
    CHECK(mode("new") == 0755);
    chmod("a", 01640);
    write_for("a");
    CHECK(mode("new") == 0640);
}

TEST_CASE_METHOD(Fixture, "git's executable bit moves the execute bits alone, by those of reading") {
    at.put("a", "old");
    chmod("a", 0640);
    CHECK(write_for("a", true).mode == 0750);
    CHECK(write_for("a", false).mode == 0640);
    chmod("a", 0744);
    CHECK(write_for("a", true).mode == 0744);
    CHECK(write_for("a", false).mode == 0644);
    CHECK(write_for("new file", true).mode == 0755);
}

TEST_CASE_METHOD(Fixture, "what replaces a file has the attributes that its person gave it") {
    at.put("a", "old");
    if (!set("a", "user.tag", "mine") || !set("a", "user.long", std::string(900, 'x'))) {
        WARN("no extended attributes on this file system");
        return;
    }
    write_for("a");
    CHECK(get("new", "user.tag") == "mine");
    CHECK(get("new", "user.long") == std::string(900, 'x'));
}

TEST_CASE_METHOD(Fixture, "what replaces a file has its access list, and none that it has not") {
    at.put("a", "old");
    at.put("b", "old");
    const std::string list = access_list(6, 6, 4, 6, 0);
    if (!set("a", kAccess, list) || !set("", kDefault, access_list(7, 7, 7, 7, 7))) {
        WARN("no access lists on this file system");
        return;
    }
    write_for("a");
    CHECK(get("new", kAccess) == list);
    CHECK(mode("new") == 0660);
    write_for("b");
    CHECK(get("new", kAccess).empty());
    CHECK(mode("new") == 0644);
}

TEST_CASE_METHOD(Fixture,
                 "a new file has the access list that its folder gives, not that of the temporaries") {
    at.put("team/a", "old");
    at.put("plain/a", "old");
    at.put("tmp/a", "old");
    if (!set("team", kDefault, access_list(7, 6, 5, 7, 0)) ||
        !set("tmp", kDefault, access_list(7, 7, 7, 7, 7))) {
        WARN("no access lists on this file system");
        return;
    }
    folder->write_new("tmp/new", "bytes", {"team/sub/new", {}});
    CHECK(get("tmp/new", kAccess) == access_list(6, 6, 5, 6, 0));
    CHECK(mode("tmp/new") == 0660);
    folder->write_new("tmp/other", "bytes", {"plain/new", {}});
    CHECK(get("tmp/other", kAccess).empty());
    CHECK(mode("tmp/other") == 0644);
}

TEST_CASE_METHOD(Fixture,
                 "a new file in a set-group-id folder belongs to its group, as do the folders on its way") {
    if (!is_root()) return;
    at.put("team/a", "old");
    chown("team", 0, kTeam);
    chmod("team", 02775);
    ::umask(027);
    write_for("team/sub/deep/a");
    CHECK(look("new").st_gid == kTeam);
    CHECK(mode("new") == 0640);
    folder->make_folders("team/sub/deep");
    CHECK(look("team/sub/deep").st_gid == kTeam);
    CHECK(mode("team/sub/deep") == 02750);
}

TEST_CASE_METHOD(Fixture, "what root writes for a person is the person's") {
    if (!is_root()) return;
    at.put("home/a", "old");
    chown("home", kPerson, kTeam);
    chown("home/a", kPerson + 1, kTeam + 1);
    chmod("home/a", 04600);
    write_for("home/a");
    CHECK(look("new").st_uid == kPerson + 1);
    CHECK(look("new").st_gid == kTeam + 1);
    CHECK(mode("new") == 0600);
    write_for("home/sub/b", true);
    CHECK(look("new").st_uid == kPerson);
    CHECK(look("new").st_gid == kTeam);
    CHECK(mode("new") == 0755);
    folder->make_folders("home/sub/deep");
    CHECK(look("home/sub").st_uid == kPerson);
    CHECK(look("home/sub/deep").st_uid == kPerson);
    CHECK(look("home/sub/deep").st_gid == kTeam);
    folder->make_folders("home/state/deep", true);
    CHECK(look("home/state").st_uid == 0);
    CHECK(look("home/state/deep").st_uid == 0);
}

TEST_CASE_METHOD(Fixture, "what cannot be given away is narrower, never wider") {
    if (!is_root()) return;
    chmod("", 0777);
    at.put("a", "old");
    chown("a", kPerson, kTeam);
    const auto written = [&](mode_t mode) {
        chmod("a", mode);
        folder->remove("new");
        const support::Unprivileged nobody;
        folder->write_new("new", "bytes", {"a", {}});
        return look("new").st_mode & 07777;
    };
    CHECK(written(0644) == 0644);
    CHECK(written(0664) == 0644);
    CHECK(written(0666) == 0644);
    CHECK(written(0604) == 0600);
    CHECK(look("new").st_uid != 0);
}
