// What has to be on the disk, and before which other call: no kill shows a sync that is missing, only a power
// cut.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git_steps.hpp"
#include "interpose.hpp"
#include "loose_objects.hpp"

namespace {

using fluentsync::support::next;
using fluentsync::support::path_of;

struct Call {
    enum class Kind { write, sync, flush, name, unlink };

    Kind kind;  ///< flush: of a whole file system; name: something gets a new one.
    std::string path;
};

std::mutex mutex;
std::vector<Call> calls;

void note(Call::Kind kind, std::string path) {
    const std::lock_guard lock(mutex);
    calls.push_back({kind, std::move(path)});
}

void note(Call::Kind kind, int fd) {
    note(kind, path_of(fd));
}

void note_named(int folder, const char* path) {
    const bool whole = path[0] == '/' || folder == AT_FDCWD;
    note(Call::Kind::name, whole ? path : path_of(folder) + "/" + path);
}

std::vector<Call> take_calls() {
    const std::lock_guard lock(mutex);
    return std::exchange(calls, {});
}

}  // namespace

// In front of libc's.
extern "C" {

int fsync(int fd) {
    note(Call::Kind::sync, fd);
    return next<int(int)>("fsync")(fd);
}

int fdatasync(int fd) {
    note(Call::Kind::sync, fd);
    return next<int(int)>("fdatasync")(fd);
}

int syncfs(int fd) noexcept {
    note(Call::Kind::flush, fd);
    return next<int(int)>("syncfs")(fd);
}

ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t offset) {
    note(Call::Kind::write, fd);
    return next<ssize_t(int, const void*, std::size_t, off64_t)>("pwrite64")(fd, bytes, size, offset);
}

int rename(const char* from, const char* to) noexcept {
    note_named(AT_FDCWD, to);
    return next<int(const char*, const char*)>("rename")(from, to);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
    note_named(to_folder, to);
    return next<int(int, const char*, int, const char*)>("renameat")(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
    note_named(to_folder, to);
    return next<int(int, const char*, int, const char*, unsigned)>("renameat2")(from_folder, from, to_folder,
                                                                                to, flags);
}

int link(const char* from, const char* to) noexcept {
    note_named(AT_FDCWD, to);
    return next<int(const char*, const char*)>("link")(from, to);
}

int unlink(const char* path) noexcept {
    note(Call::Kind::unlink, path);
    return next<int(const char*)>("unlink")(path);
}

}  // extern "C"

namespace fluentsync::flow {

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// What waits aside to be judged, with the claim on it, is none yet.
bool is_object(const Call& call) {
    return has(call.path, "/objects/") && !has(call.path, "/objects/tmp_") &&
           !has(call.path, "/objects/fluentsync_part_");
}

/// Counts of what came to a repository in `calls`, and of what came too early.
struct Order {
    explicit Order(const std::vector<Call>& calls) {
        for (const Call& call : calls) {
            if (call.kind == Call::Kind::flush) {
                on_disk = true;
            } else if (call.kind == Call::Kind::name && is_object(call)) {
                objects += 1;
                on_disk = false;
            } else if (call.kind == Call::Kind::name && has(call.path, "/refs/heads/") &&
                       !has(call.path, ".lock")) {
                branches += 1;
                early_branches += on_disk ? 0 : 1;
            } else if (call.kind == Call::Kind::unlink && has(call.path, "/pack/pack-")) {
                packs_removed += 1;
                early_removed += on_disk ? 0 : 1;
            } else if (call.kind == Call::Kind::unlink && is_object(call) && !has(call.path, "/pack/")) {
                removed += 1;
                early_removed += on_disk ? 0 : 1;
            }
        }
    }
    bool on_disk = true;
    int objects = 0;
    int branches = 0;
    int early_branches = 0;
    int removed = 0;
    int packs_removed = 0;
    int early_removed = 0;
};

bool is_database(const Call& call) {
    return has(call.path, "store.db-wal");
}

bool synced_database(const std::vector<Call>& calls) {
    return std::any_of(calls.begin(), calls.end(),
                       [](const Call& call) { return call.kind == Call::Kind::sync && is_database(call); });
}

/// Whether all that the database wrote was on the disk when `path` was given a new content.
bool synced_before(const std::vector<Call>& calls, std::string_view path) {
    bool written = false;
    bool on_disk = true;
    for (const Call& call : calls) {
        if (call.kind == Call::Kind::name && has(call.path, path)) return written && on_disk;
        if (is_database(call) && (call.kind == Call::Kind::write || call.kind == Call::Kind::sync)) {
            written = true;
            on_disk = call.kind == Call::Kind::sync;
        }
    }
    FAIL("nothing was placed at " << path);
    return false;
}

void make_durable(Place& place) {
    place.options.store.durable = true;
    place.options.directory.durable = true;
    place.options.git.durable = true;
}

}  // namespace

TEST_CASE("durable: each write of the store is on the disk when it returns, if that was asked for") {
    const bool durable = GENERATE(true, false);
    support::TempFolder base;
    StoreOptions options;
    options.path = base / "store.db";
    options.durable = durable;
    EntityStore store(options);
    store.put({"note", "first", "the log has begun\n"});
    const auto syncs = [&](const std::function<void()>& write) {
        take_calls();
        write();
        return synced_database(take_calls());
    };
    CHECK(syncs([&] { store.create({"note", "a", "one\n"}); }) == durable);
    CHECK(syncs([&] { store.put({"note", "a", "two\n"}); }) == durable);
    CHECK(syncs([&] { store.put_all({{"note", "b", "one\n"}, {"note", "c", "one\n"}}); }) == durable);
    CHECK(syncs([&] {
              store.transaction([](auto& writes) { writes.put({"note", "a", "three\n"}); });
          }) == durable);
    CHECK(syncs([&] { store.remove({"note", "a"}); }) == durable);
}

TEST_CASE("durable: a commit's objects are on the disk before a branch names it, here and at the remote") {
    support::BareRemote remote;
    Place place;
    make_durable(place);
    Workspace workspace(with_remote(place, remote.path()));
    take_calls();
    workspace.store().put({"note", "a", "one\n"});
    workspace.git().commit();
    const Order committed(take_calls());
    CHECK(committed.objects > 0);
    CHECK(committed.branches == 1);
    CHECK(committed.early_branches == 0);
    workspace.git().push();
    const Order pushed(take_calls());
    CHECK(pushed.objects > 0);
    CHECK(pushed.branches >= 1);
    CHECK(pushed.early_branches == 0);
    support::run_git(remote.person(), {"pull", "-q", "origin", "main"});
    remote.push_file("note/theirs.md", "theirs\n");
    workspace.store().put({"note", "ours", "ours\n"});
    workspace.git().commit();
    take_calls();
    CHECK(workspace.git().pull().merged);
    const Order merged(take_calls());
    CHECK(merged.objects > 0);
    CHECK(merged.branches >= 1);
    CHECK(merged.early_branches == 0);
}

TEST_CASE("durable: a pack is on the disk before the first loose object goes that it holds") {
    Place place;
    {
        Workspace workspace(place.options);
        workspace.store().put({"note", "a", "one\n"});
        workspace.sync();
    }
    const std::string loose = make_loose_objects(place);
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "two\n"});
    take_calls();
    workspace.sync();
    const Order packed(take_calls());
    CHECK(packed.removed > std::count(loose.begin(), loose.end(), '\n'));
    CHECK(packed.early_removed == 0);
}

TEST_CASE(
    "durable: a joined pack is on the disk before the first goes that it replaces, here and at the remote") {
    support::BareRemote remote;
    support::run_git(remote.path(), {"config", "gc.autoPackLimit", "1"});
    Place place;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    workspace.store().put({"note", "a", "two\n"});
    take_calls();
    workspace.sync();
    const Order there(take_calls());
    CHECK(there.packs_removed > 0);
    CHECK(there.early_removed == 0);

    place.git({"config", "gc.autoPackLimit", "1"});
    support::run_git(remote.person(), {"pull", "-q", "origin", "main"});
    for (const char* text : {"three\n", "four\n"}) {
        remote.push_file("note/a.md", text);
        take_calls();
        workspace.sync();
    }
    const Order here(take_calls());
    CHECK(here.packs_removed > 0);
    CHECK(here.early_removed == 0);
}

TEST_CASE("durable: the loser of a conflict is on the disk before its file is written over") {
    Place place;
    make_durable(place);
    place.options.directory.conflict_policy = ConflictPolicy::prefer_store;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    place.write("note/a.md", "theirs\n");
    workspace.store().put({"note", "a", "ours\n"});
    take_calls();
    workspace.sync();
    CHECK(synced_before(take_calls(), "/notes/note/a.md"));
    REQUIRE(workspace.store().conflicts().size() == 1);
    CHECK(place.read("note/a.md") == "ours\n");
}

TEST_CASE("durable: what a remote's version replaces is on the disk before") {
    support::BareRemote remote;
    Place place;
    make_durable(place);
    place.options.git.conflict_policy = RemoteConflictPolicy::prefer_remote;
    Workspace workspace(with_remote(place, remote.path()));
    workspace.store().put({"note", "a", "one\n"});
    workspace.sync();
    support::run_git(remote.person(), {"pull", "-q", "origin", "main"});
    remote.push_file("note/a.md", "theirs\n");
    place.write("note/a.md", "ours\n");
    workspace.directory().flush();
    take_calls();
    workspace.git().pull();
    CHECK(synced_before(take_calls(), "/notes/note/a.md"));
    REQUIRE(workspace.store().conflicts().size() == 1);
    CHECK(place.read("note/a.md") == "theirs\n");
}

}  // namespace fluentsync::flow
