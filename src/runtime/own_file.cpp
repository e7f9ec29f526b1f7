#include "runtime/own_file.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <vector>

#include "base/text.hpp"

namespace fluentsync::runtime {
namespace {

std::string user_name(uid_t user) {
    std::vector<char> buffer(16384);
    struct passwd entry = {};
    struct passwd* found = nullptr;
    if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return fmt::format("user {}", user);
    return fmt::format("user '{}' ({})", base::printable(entry.pw_name), user);
}

const char* kind_name(mode_t mode) {
    if (S_ISLNK(mode)) return "a symbolic link";
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISSOCK(mode)) return "a socket";
    return S_ISREG(mode) ? "a file" : "a device";
}

}  // namespace

OwnRule::OwnRule(uid_t root_owner) : user_(geteuid()), root_owner_(root_owner) {}

bool OwnRule::trusts(uid_t owner) const {
    return owner == user_ || owner == 0 || (user_ == 0 && owner == root_owner_);
}

std::string OwnRule::fault_of(const struct stat& info, bool folder) const {
    if (folder ? !S_ISDIR(info.st_mode) : !S_ISREG(info.st_mode))
        return fmt::format("it is {}, no {}; remove it", kind_name(info.st_mode),
                           folder ? "folder" : "regular file");
    if (!trusts(info.st_uid))
        return fmt::format(
            "it belongs to {}, whose word does not count here: remove it, or give it to {} with chown",
            user_name(info.st_uid), user_name(user_));
    if (!folder && info.st_nlink > 1) return "it has another name too (a hard link); put a copy in its place";
    return {};
}

bool is_lax(const struct stat& info) {
    return (info.st_mode & 077) != 0;
}

}  // namespace fluentsync::runtime
