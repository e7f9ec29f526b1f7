// rename() of the C library, for whatever is linked into this program: an index that lies on the real disk is
// as old as the simulated clock says, and others may come first right before it is replaced, and right after.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <string_view>

#include "machine.hpp"

namespace simulation {

namespace {

constexpr std::string_view kIndex = "/.git/index";

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

void stamp(const char* path) {
    const std::int64_t now = scheduler().clock.kernel_ns();
    const timespec time{now / 1'000'000'000, now % 1'000'000'000};
    const timespec times[] = {time, time};
    ::utimensat(AT_FDCWD, path, times, 0);
}

int rename_index(const char* from, const char* to) {
    const std::string_view path = to;
    const int machine = machine_at(std::string(path.substr(0, path.size() - kIndex.size()))).number;
    scheduler().yield(machine, "before the index");
    const int code = ::renameat(AT_FDCWD, from, AT_FDCWD, to);
    scheduler().yield(machine, "after the index");
    return code;
}

}  // namespace

}  // namespace simulation

extern "C" int rename(const char* from, const char* to) noexcept {
    using namespace simulation;
    // libgit2 writes a file of its own in the place of the draft, and of an index that a person's git writes.
    if (ends_with(from, "index.lock") || ends_with(from, "index.fluentsync.lock")) stamp(from);
    return ends_with(from, "index.fluentsync") && ends_with(to, kIndex)
               ? rename_index(from, to)
               : ::renameat(AT_FDCWD, from, AT_FDCWD, to);
}
