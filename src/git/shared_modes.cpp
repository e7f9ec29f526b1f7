#include "git/shared_modes.hpp"

#include <sys/stat.h>

#include <charconv>
#include <filesystem>
#include <string_view>

#include "git/library.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kGroup = 0660;
constexpr mode_t kEverybody = 0664;

struct Wish {
    mode_t bits = 0;
    bool replaces = false;
};

Wish wish_of(std::string_view value) {
    if (value == "group" || value == "1") return {kGroup, false};
    if (value == "all" || value == "world" || value == "everybody" || value == "2")
        return {kEverybody, false};
    unsigned octal = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), octal, 8);
    if (read.ec == std::errc() && read.ptr == value.data() + value.size()) {
        // git refuses a repository that its owner may not read and write.
        return (octal & 0600) == 0600 ? Wish{octal & 0666, true} : Wish{};
    }
    int flag = 0;
    return git_config_parse_bool(&flag, std::string(value).c_str()) == 0 && flag ? Wish{kGroup, false}
                                                                                 : Wish{};
}

}  // namespace

SharedModes::SharedModes(git_repository* repository) : repository_(repository) {
    ConfigPtr snapshot;
    const char* value = nullptr;
    int code = git_repository_config_snapshot(out(snapshot), repository);
    if (code == 0) code = git_config_get_string(&value, snapshot.get(), "core.sharedrepository");
    if (code == 0) {
        const Wish wish = wish_of(value);
        bits_ = wish.bits;
        replaces_ = wish.replaces;
    }
}

mode_t SharedModes::widened(mode_t mode) const {
    mode_t bits = bits_;
    if ((mode & S_IWUSR) == 0) bits &= ~mode_t{0222};
    if ((mode & S_IXUSR) != 0) bits |= (bits & 0444) >> 2;
    mode_t result = replaces_ ? (mode & ~mode_t{0777}) | bits : mode | bits;
    if (S_ISDIR(mode)) {
        result |= (result & 0444) >> 2;
        if ((result & 060) != 0) result |= S_ISGID;  // What others make in it is the group's, too.
    }
    return result;
}

void SharedModes::widen(const std::string& path) const {
    struct stat stat {};
    if (!any() || ::lstat(path.c_str(), &stat) != 0 || S_ISLNK(stat.st_mode)) return;
    const mode_t mode = widened(stat.st_mode);
    if (mode != stat.st_mode) ::chmod(path.c_str(), mode & 07777);
}

void SharedModes::widen_below(const std::string& root, const std::string& path) const {
    if (!any()) return;
    for (auto slash = path.find('/', root.size()); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        widen(path.substr(0, slash));
    }
    widen(path);
}

void SharedModes::widen_object(const base::ObjectId& id) const {
    if (!any()) return;
    const std::string objects = item_path(repository_, GIT_REPOSITORY_ITEM_OBJECTS);
    const std::string hex = id.hex();
    widen_below(objects, objects + hex.substr(0, 2) + "/" + hex.substr(2));
}

void SharedModes::widen_packs() const {
    if (!any()) return;
    const std::string packs = item_path(repository_, GIT_REPOSITORY_ITEM_OBJECTS) + "pack";
    widen(packs);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(packs, error))
        widen(entry.path().string());
}

void SharedModes::widen_reference(const std::string& name) const {
    if (!any()) return;
    const std::string common = item_path(repository_, GIT_REPOSITORY_ITEM_COMMONDIR);
    widen_below(common, common + name);
    widen_below(common, common + "logs/" + name);
    widen(std::string(git_repository_path(repository_)) + "logs/HEAD");
}

}  // namespace fluentsync::git
