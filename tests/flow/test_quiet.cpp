// Converged and idle: a second sync() touches nothing.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <sstream>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

struct Stamp {
    std::int64_t modified = 0;
    std::int64_t changed = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    bool operator==(const Stamp& other) const {
        return modified == other.modified && changed == other.changed && inode == other.inode &&
               size == other.size;
    }
};

/// Every file and folder below `root`, .git included; not what SQLite needs for reading.
std::map<std::string, Stamp> stamps_below(const std::string& root) {
    std::map<std::string, Stamp> stamps;
    const auto nanoseconds = [](const timespec& time) {
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    };
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        struct stat stat {};
        REQUIRE(lstat(entry.path().c_str(), &stat) == 0);
        stamps[entry.path()] = {nanoseconds(stat.st_mtim), nanoseconds(stat.st_ctim), stat.st_ino,
                                stat.st_size};
    }
    return stamps;
}

std::string differences(const std::map<std::string, Stamp>& before,
                        const std::map<std::string, Stamp>& after) {
    std::string text;
    for (const auto& [path, stamp] : after) {
        const auto old = before.find(path);
        if (old == before.end()) {
            text += "new: " + path + "\n";
        } else if (!(old->second == stamp)) {
            text += "changed: " + path + "\n";
        }
    }
    for (const auto& [path, stamp] : before) {
        if (after.count(path) == 0) text += "gone: " + path + "\n";
    }
    return text;
}

void put_some(Workspace& workspace) {
    for (int i = 0; i < 20; ++i) {
        const std::string name = std::to_string(i);
        workspace.store().put({"note", "n" + name, "---\ntitle: " + name + "\n---\ntext " + name + "\n"});
    }
}

std::string program() {
    const char* name = std::getenv("FLUENTSYNC_PROGRAM");
    return name != nullptr ? name : "";
}

/// The calls of a trace that change something below `root`.
std::string writes_in(const std::string& trace, const std::string& root) {
    std::string found;
    std::istringstream stream(trace);
    for (std::string line; std::getline(stream, line);) {
        const bool here = line.find(root) != std::string::npos;
        const bool for_sqlite =
            line.find("store.db-wal") != std::string::npos || line.find("store.db-shm") != std::string::npos;
        const bool opens =
            line.find(" openat(") != std::string::npos || line.find(" open(") != std::string::npos;
        // A file opened for writing shows by its write, a new one by its end or in the stamps.
        const bool to_write =
            line.find("O_TRUNC") != std::string::npos || line.find("O_EXCL") != std::string::npos;
        const bool failed = line.find(" = -1 ") != std::string::npos;
        if (here && !for_sqlite && !failed && (!opens || to_write)) {
            found += line + "\n";
        }
    }
    return found;
}

}  // namespace

TEST_CASE("quiet: a second sync changes no file, no ref and no time stamp [trap-01] [trap-05]") {
    support::BareRemote remote;
    remote.push_file("note/theirs.md", "theirs\n");
    remote.push_file("picture.bin", std::string("\0\1\2", 3));
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    put_some(workspace);
    place.write("note/mine.md", "mine\n");
    workspace.sync();
    REQUIRE(drifts(workspace).empty());
    const std::string head = place.head();
    const auto root = stamps_below(place.root());
    const auto there = stamps_below(remote.path());
    for (int round = 0; round < 3; ++round) {
        workspace.sync();
        CHECK(place.head() == head);
        CHECK(differences(root, stamps_below(place.root())).empty());
        CHECK(differences(there, stamps_below(remote.path())).empty());
    }
}

TEST_CASE("quiet: automation with nothing to do leaves everything alone [trap-01] [trap-05]") {
    support::BareRemote remote;
    Place place;
    automate(place, remote.path());
    EventLog log;
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    put_some(workspace);
    REQUIRE(wait_until([&] {
        return !remote.tip("main").empty() && remote.tip("main") == place.head() &&
               git_status(place).empty() && drifts(workspace).empty();
    }));
    const std::string head = place.head();
    const auto root = stamps_below(place.root());
    log.clear();
    workspace.directory().flush();
    workspace.git().sync();
    workspace.directory().flush();
    CHECK(place.head() == head);
    CHECK(differences(root, stamps_below(place.root())).empty());
    CHECK(log.count(EventKind::git_committed) == 0);
    CHECK(log.count(EventKind::file_exported) == 0);
    CHECK(log.count(EventKind::file_imported) == 0);
}

TEST_CASE("quiet: no call writes below the root, as the kernel sees it [trap-01] [trap-05]") {
    if (program().empty() || support::run_program({"strace", "-V"}).exit_code != 0) {
        WARN("skipped: needs strace and the fluentsync program");
        return;
    }
    Place place;
    const std::string trace = place.base / "trace";
    const std::string calls =
        "openat,open,creat,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,"
        "mkdirat,rmdir,truncate,ftruncate,chmod,fchmodat,utimensat,write,pwrite64,writev,pwritev,fchmod,"
        "fallocate,copy_file_range";
    // -y names the file behind each descriptor. True: it could be traced.
    const auto traced_sync = [&] {
        const auto run = support::run_program(
            {"strace", "-E", "ASAN_OPTIONS=detect_leaks=0",  // no leak check under ptrace
             "-f", "-y", "-s", "0", "-o", trace, "-e", "trace=" + calls, program(), "sync", place.root()},
            true);
        INFO(run.output);
        if (run.exit_code != 0 && read_file(trace).empty()) return false;
        REQUIRE(run.exit_code == 0);
        return true;
    };
    support::must_run({program(), "init", place.root()});
    place.write("note/a.md", "---\ntitle: A\n---\ntext\n");
    place.write("picture.png", "bytes");
    if (!traced_sync()) {
        WARN("skipped: strace may not trace here");
        return;
    }
    CHECK(writes_in(read_file(trace), place.root()) != "");  // The trace shows what there is to see.
    REQUIRE(traced_sync());
    CHECK(writes_in(read_file(trace), place.root()) == "");
}

}  // namespace fluentsync::flow
