// Which edits show in a file's stat, once its signature is old enough to be trusted.
#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "../../support/temp_folder.hpp"
#include "still_clock.hpp"
#include "store/ledger.hpp"
#include "sync/rescan.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {
namespace {

struct stat stat_of(const std::string& path) {
    struct stat found = {};
    if (::stat(path.c_str(), &found) != 0) throw std::runtime_error("no stat of " + path);
    return found;
}

bool same_change_time(const struct stat& a, const struct stat& b) {
    return a.st_ctim.tv_sec == b.st_ctim.tv_sec && a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

/// In place, with the old times set again; the kernel's stamp of the change alone tells of it.
void overwrite_keeping_time(const std::string& path, const std::string& content) {
    const struct stat before = stat_of(path);
    const timespec times[2] = {before.st_atim, before.st_mtim};
    do {  // Until the kernel's clock has moved on.
        std::fstream(path, std::ios::in | std::ios::out | std::ios::binary) << content;
        if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) throw std::runtime_error("utimensat");
    } while (same_change_time(stat_of(path), before));
}

}  // namespace

TEST_CASE(
    "settle: an edit that keeps a file's size and time is seen, though its signature was trusted [trap-18]") {
    const support::TempFolder base;
    StillClock clock;
    clock.ahead_ns = 60'000'000'000;  // What is written now was written long ago.
    store::StoreBody store(nullptr, {base / "store.db", 16384, false}, clock);
    DirectoryOptions options;
    options.sync_path = base / "notes";
    options.durable = false;
    SyncContext context(store, options);
    context.folder = runtime::open_folder(options.sync_path, true);
    const std::string file = options.sync_path + "/note/a.md";
    std::filesystem::create_directories(options.sync_path + "/note");
    std::ofstream(file, std::ios::binary) << "aaaa\n";
    const auto look = [&] {
        const auto changed = changed_since_ledger(context, {});
        Settler(context).settle(changed);
        return changed.size();
    };
    CHECK(look() == 1);
    CHECK(look() == 0);  // Trusted.
    overwrite_keeping_time(file, "bbbb\n");
    CHECK(look() == 1);
    store.read([&](store::Connection& connection) {
        CHECK(store::find_content(connection, {"note", "a"}) == "bbbb\n");
    });
}

}  // namespace fluentsync::sync
