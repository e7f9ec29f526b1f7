#include "runtime/posix_rename.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>

namespace fluentsync::runtime {
namespace {

int rename_with(const Place& from, const Place& to, unsigned flags) {
    int result = 0;
    do
        result = renameat2(from.folder, from.name.c_str(), to.folder, to.name.c_str(), flags);
    while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

int link_to(const Place& from, int folder, const std::string& name) {
    return linkat(from.folder, from.name.c_str(), folder, name.c_str(), 0) == 0 ? 0 : errno;
}

bool not_supported(int number) {
    return number == EINVAL || number == ENOSYS || number == EOPNOTSUPP;
}

int noreplace_by_look(const Place& from, const Place& to) {
    struct stat info {};
    if (fstatat(to.folder, to.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
    if (errno != ENOENT) return errno;
    return rename_with(from, to, 0);
}

int noreplace_by_link(const Place& from, const Place& to) {
    const int linked = link_to(from, to.folder, to.name);
    if (linked == EPERM || linked == EMLINK || not_supported(linked)) return noreplace_by_look(from, to);
    if (linked != 0) return linked;
    return unlinkat(from.folder, from.name.c_str(), 0) == 0 ? 0 : errno;
}

int exchange_by_link(const Place& a, const Place& b) {
    // A name of its own each time: a link left by a crash may be the only copy of what it holds.
    static std::atomic<unsigned> counter{0};
    const std::string kept = a.name + ".swap-" + std::to_string(getpid()) + "-" + std::to_string(counter++);
    if (const int failed = link_to(b, a.folder, kept)) return failed;
    if (const int failed = rename_with(a, b, 0)) {
        unlinkat(a.folder, kept.c_str(), 0);
        return failed;
    }
    return renameat(a.folder, kept.c_str(), a.folder, a.name.c_str()) == 0 ? 0 : errno;
}

}  // namespace

int rename_noreplace(const Place& from, const Place& to, bool kernel) {
    const int failed = kernel ? rename_with(from, to, RENAME_NOREPLACE) : ENOSYS;
    return not_supported(failed) ? noreplace_by_link(from, to) : failed;
}

int rename_exchange(const Place& a, const Place& b, bool kernel) {
    const int failed = kernel ? rename_with(a, b, RENAME_EXCHANGE) : ENOSYS;
    return not_supported(failed) ? exchange_by_link(a, b) : failed;
}

}  // namespace fluentsync::runtime
