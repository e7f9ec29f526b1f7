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

bool no_links(int number) {
    return number == EPERM || number == EMLINK || not_supported(number);
}

int noreplace_by_link(const Place& from, const Place& to, bool links) {
    const int linked = links ? link_to(from, to.folder, to.name) : EPERM;
    if (no_links(linked)) return noreplace_by_look(from, to);
    if (linked != 0) return linked;
    return unlinkat(from.folder, from.name.c_str(), 0) == 0 ? 0 : errno;
}

int exchange_by_renames(const Place& a, const Place& b, const Place& aside) {
    if (const int failed = rename_with(b, aside, 0)) return failed;
    if (const int failed = noreplace_by_look(a, b)) {
        noreplace_by_look(aside, b);
        return failed;
    }
    return rename_with(aside, a, 0);
}

int exchange_by_link(const Place& a, const Place& b, bool links) {
    // A name of its own each time: a link left by a crash may be the only copy of what it holds.
    static std::atomic<unsigned> counter{0};
    const std::string kept = a.name + ".swap-" + std::to_string(getpid()) + "-" + std::to_string(counter++);
    const int linked = links ? link_to(b, a.folder, kept) : EPERM;
    if (no_links(linked)) {
        Place aside;
        aside.folder = a.folder;
        aside.name = kept;
        return exchange_by_renames(a, b, aside);
    }
    if (linked != 0) return linked;
    if (const int failed = rename_with(a, b, 0)) {
        unlinkat(a.folder, kept.c_str(), 0);
        return failed;
    }
    return renameat(a.folder, kept.c_str(), a.folder, a.name.c_str()) == 0 ? 0 : errno;
}

}  // namespace

int rename_noreplace(const Place& from, const Place& to, RenameMeans means) {
    const int failed = means.renameat2 ? rename_with(from, to, RENAME_NOREPLACE) : ENOSYS;
    return not_supported(failed) ? noreplace_by_link(from, to, means.hard_links) : failed;
}

int rename_exchange(const Place& a, const Place& b, RenameMeans means) {
    const int failed = means.renameat2 ? rename_with(a, b, RENAME_EXCHANGE) : ENOSYS;
    return not_supported(failed) ? exchange_by_link(a, b, means.hard_links) : failed;
}

}  // namespace fluentsync::runtime
