#include "runtime/posix_link.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "runtime/posix_error.hpp"

namespace fluentsync::runtime {

std::optional<std::string> link_target_at(const Place& place, const std::string& path) {
    std::array<char, PATH_MAX> target{};
    const ssize_t size = readlinkat(place.folder, place.name.c_str(), target.data(), target.size());
    if (size >= 0) return std::string(target.data(), static_cast<std::size_t>(size));
    if (errno == ENOENT || errno == ENOTDIR || errno == EINVAL) return std::nullopt;
    throw_errno(errno, "look at", path);
}

bool make_link_at(const Place& place, const std::string& target, const std::string& path) {
    if (symlinkat(target.c_str(), place.folder, place.name.c_str()) != 0) {
        if (errno == EEXIST) return false;
        throw_errno(errno, "make", path);
    }
    struct stat folder {};
    if (::geteuid() == 0 && fstat(place.folder, &folder) == 0 && folder.st_uid != 0) {
        // One that cannot be given away stays ours.
        static_cast<void>(
            fchownat(place.folder, place.name.c_str(), folder.st_uid, folder.st_gid, AT_SYMLINK_NOFOLLOW));
    }
    return true;
}

}  // namespace fluentsync::runtime
