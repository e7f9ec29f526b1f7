#include "runtime/posix_mounts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace fluentsync::runtime {
namespace {

/// The table writes blanks, tabs, line ends and backslashes as a backslash and three octal digits.
std::string unescaped(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 3 >= text.size()) {
            plain += text[i];
            continue;
        }
        plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
        i += 3;
    }
    return plain;
}

std::string path_of(int folder) {
    std::array<char, PATH_MAX> target{};
    const std::string link = fmt::format("/proc/self/fd/{}", folder);
    const ssize_t size = readlink(link.c_str(), target.data(), target.size());
    return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

/// The file system and the folder of it that is seen. Numbers of devices may be others after a restart, so
/// they stand in only where the file system tells no id of its own. Empty when it cannot be looked at.
std::string id_of(const PathResolver& resolver, const std::string& path) {
    const UniqueFd folder = resolver.open(path, O_RDONLY | O_DIRECTORY);
    struct stat info = {};
    struct statfs system = {};
    if (!folder || fstat(folder.get(), &info) != 0 || fstatfs(folder.get(), &system) != 0) return {};
    std::uint64_t id = 0;
    static_assert(sizeof id == sizeof system.f_fsid);
    std::memcpy(&id, &system.f_fsid, sizeof id);
    return id != 0 ? fmt::format("{:x} {}", id, info.st_ino)
                   : fmt::format("device {} {}", info.st_dev, info.st_ino);
}

}  // namespace

std::vector<std::string> mount_points(const std::string& mountinfo, const std::string& root) {
    const std::string above = root == "/" ? root : root + "/";
    std::set<std::string> found;
    std::istringstream lines(mountinfo);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string point;
        for (int field = 0; field < 5; ++field)
            fields >> point;
        point = unescaped(point);
        if (fields && point.size() > above.size() && point.compare(0, above.size(), above) == 0)
            found.insert(point.substr(above.size()));
    }
    return {found.begin(), found.end()};
}

std::vector<Mount> mounts_below(const PathResolver& resolver) {
    std::ostringstream table;
    table << std::ifstream("/proc/self/mountinfo", std::ios::binary).rdbuf();
    const std::string root = path_of(resolver.root());
    std::vector<Mount> mounts;
    if (root.empty()) return mounts;
    struct stat info = {};
    for (std::string& path : mount_points(table.str(), root)) {
        const UniqueFd point = resolver.open(path, O_PATH);
        if (point && fstat(point.get(), &info) == 0 && !S_ISDIR(info.st_mode)) continue;
        std::string id = id_of(resolver, path);
        mounts.push_back({std::move(path), std::move(id)});
    }
    return mounts;
}

}  // namespace fluentsync::runtime
