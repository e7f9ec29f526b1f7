#include "runtime/posix_likeness.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

namespace fluentsync::runtime {
namespace {

constexpr mode_t kAllPermissions = 0777;
constexpr mode_t kExecute = 0111;
constexpr mode_t kOwner = 0700;
constexpr const char* kAccessList = "system.posix_acl_access";
constexpr const char* kDefaultList = "system.posix_acl_default";
constexpr std::string_view kUserPrefix = "user.";
/// The only label that is: `security.capability` would give a content rights that nobody gave it.
constexpr const char* kLabel = "security.selinux";

/// None: there is no such attribute, or no way to know.
std::optional<std::string> attribute(int file, const char* name) {
    std::string value(256, '\0');
    while (true) {
        const ssize_t size = fgetxattr(file, name, value.data(), value.size());
        if (size >= 0) {
            value.resize(static_cast<std::size_t>(size));
            return value;
        }
        if (errno != ERANGE) return std::nullopt;
        value.resize(value.size() * 8);
    }
}

bool set_attribute(int file, const char* name, const std::string& value) {
    return fsetxattr(file, name, value.data(), value.size(), 0) == 0;
}

void copy_attribute(int from, int to, const char* name) {
    if (const auto value = attribute(from, name)) set_attribute(to, name, *value);
}

/// Best effort: no content hangs on them.
void copy_attributes(int from, int to) {
    const ssize_t size = flistxattr(from, nullptr, 0);
    if (size <= 0) return;
    std::string names(static_cast<std::size_t>(size), '\0');
    const ssize_t filled = flistxattr(from, names.data(), names.size());
    if (filled <= 0) return;
    names.resize(static_cast<std::size_t>(filled));
    for (const char* name = names.c_str(); name < names.c_str() + names.size(); name += strlen(name) + 1) {
        const bool users = std::string_view(name).substr(0, kUserPrefix.size()) == kUserPrefix;
        if (users || std::strcmp(name, kLabel) == 0) copy_attribute(from, to, name);
    }
}

bool has_access_list(int file) {
    return fgetxattr(file, kAccessList, nullptr, 0) > 0;
}

/// That which a file inherits from the folder of temporaries.
void drop_access_list(int file) {
    if (has_access_list(file)) fremovexattr(file, kAccessList);
}

struct stat stat_of(int file) {
    struct stat info = {};
    fstat(file, &info);
    return info;
}

mode_t with_executable(mode_t mode, bool executable) {
    if (executable == ((mode & S_IXUSR) != 0)) return mode;
    return executable ? mode | ((mode & 0444) >> 2) : mode & ~kExecute;
}

/// For a group that is another one: neither it nor anybody who was in the other gets more than before.
mode_t without_group(mode_t mode) {
    const mode_t both = (mode >> 3) & mode & 07;
    return (mode & kOwner) | (both << 3) | both;
}

/// A file system that keeps no modes may refuse; its own will do then.
void set_mode(int file, mode_t mode) {
    if ((stat_of(file).st_mode & 07777) == mode) return;
    static_cast<void>(fchmod(file, mode));
}

bool give_group(int file, gid_t group) {
    return stat_of(file).st_gid == group || fchown(file, static_cast<uid_t>(-1), group) == 0;
}

bool give_owner(int file, uid_t owner) {
    return stat_of(file).st_uid == owner || fchown(file, owner, static_cast<gid_t>(-1)) == 0;
}

/// The kernel tells it in no other way that does not change it for a moment, for all threads.
mode_t umask_of_process() {
    constexpr std::string_view kField = "Umask:";
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.compare(0, kField.size(), kField) == 0)
            return static_cast<mode_t>(std::strtoul(line.c_str() + kField.size(), nullptr, 8)) &
                   kAllPermissions;
    }
    return 077;
}

bool is_root() {
    return geteuid() == 0;
}

/// Its owner may have put another in the place of the one that was made: nobody gets what is in that.
bool is_empty_folder(int folder) {
    alignas(dirent64) std::array<char, 1024> buffer;
    const ssize_t size = getdents64(folder, buffer.data(), buffer.size());
    for (ssize_t at = 0; at < size;) {
        const auto& entry = *reinterpret_cast<const dirent64*>(buffer.data() + at);
        const std::string_view name = entry.d_name;
        if (name != "." && name != "..") return false;
        at += entry.d_reclen;
    }
    return size > 0;
}

/// Also of one that may be passed through and not be read.
UniqueFd open_folder_for_look(const PathResolver& resolver, const std::string& folder) {
    UniqueFd opened = resolver.open(folder, O_RDONLY | O_DIRECTORY);
    return opened || errno != EACCES ? std::move(opened) : resolver.open(folder, O_PATH | O_DIRECTORY);
}

}  // namespace

Model Model::at(const PathResolver& resolver, const std::string& path) {
    Model model;
    model.replaced_ = resolver.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (model.replaced_) {
        model.info_ = stat_of(model.replaced_.get());
        if (S_ISREG(model.info_.st_mode)) return model;
        model.replaced_ = {};
    }
    std::string folder = path;
    UniqueFd opened;
    do {
        const auto slash = folder.rfind('/');
        folder.resize(slash == std::string::npos ? 0 : slash);
        opened = open_folder_for_look(resolver, folder);
    } while (!opened && !folder.empty());
    if (opened) {
        model.info_ = stat_of(opened.get());
        model.default_list_ = attribute(opened.get(), kDefaultList);
    }
    return model;
}

bool Model::is_usual() const {
    return !replaced_ && !default_list_ && (info_.st_mode & S_ISGID) == 0 &&
           !(is_root() && info_.st_uid != 0);
}

void Model::shape(int file, std::optional<bool> executable) const {
    if (replaced_) {
        shape_as_replaced(file, executable);
    } else if (!is_usual() || has_access_list(file)) {
        shape_as_new(file, executable.value_or(false));
    } else if (executable.value_or(false)) {
        set_mode(file, with_executable(stat_of(file).st_mode & kAllPermissions, true));
    }
}

void Model::shape_as_replaced(int file, std::optional<bool> executable) const {
    mode_t mode = info_.st_mode & kAllPermissions;
    if (executable) mode = with_executable(mode, *executable);
    const bool group = give_group(file, info_.st_gid);
    if (!group) mode = without_group(mode);
    if (const auto list = attribute(replaced_.get(), kAccessList)) {
        // Without its list the group's bits are those of everybody named in it.
        if (!group || !set_attribute(file, kAccessList, *list)) mode &= kOwner;
    } else {
        drop_access_list(file);
    }
    copy_attributes(replaced_.get(), file);
    set_mode(file, mode);
    if (!give_owner(file, info_.st_uid)) set_mode(file, mode & ~(group ? S_IWOTH : S_IWGRP | S_IWOTH));
}

void Model::shape_as_new(int file, bool executable) const {
    const bool to_owner = is_root() && info_.st_uid != 0;
    const bool takes_group = to_owner || (info_.st_mode & S_ISGID) != 0;
    const bool group = !takes_group || give_group(file, info_.st_gid);
    mode_t mode = 0666;
    if (default_list_ && set_attribute(file, kAccessList, *default_list_)) {
        mode &= stat_of(file).st_mode;
    } else {
        drop_access_list(file);
        mode &= ~umask_of_process();
    }
    if (!group) mode = without_group(mode);
    set_mode(file, with_executable(mode, executable));
    if (to_owner) give_owner(file, info_.st_uid);
}

void hand_to_owner_above(const Place& place) {
    if (!is_root()) return;
    const struct stat above = stat_of(place.folder);
    if (above.st_uid == 0) return;
    const UniqueFd made(openat(place.folder, place.name.c_str(),
                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!made || stat_of(made.get()).st_uid != 0 || !is_empty_folder(made.get())) return;
    // One that cannot be given away stays ours.
    static_cast<void>(fchown(made.get(), above.st_uid, above.st_gid));
}

}  // namespace fluentsync::runtime
