// What another program wrote with the last of the room on the disk: this one can take it in only later.
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <string_view>

#include "git_steps.hpp"
#include "interpose.hpp"
#include "raw_sql.hpp"

namespace {

/// Bytes that the database's log still takes in one write: a frame's header may fit where no page does.
enum class Room { plenty, for_a_header, none };

std::atomic<Room> room{Room::plenty};
std::atomic<int> refused{0};
// The test itself is the other program.
thread_local bool ours = true;

struct FullDisk {
    explicit FullDisk(Room left) {
        refused = 0;
        room = left;
    }
    ~FullDisk() { room = Room::plenty; }
};

bool fits(std::size_t size) {
    constexpr std::size_t kHeader = 32;
    const Room left = room;
    return left == Room::plenty || (left == Room::for_a_header && size <= kHeader);
}

}  // namespace

// In front of libc's.
extern "C" ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t offset) {
    using fluentsync::support::next;
    static auto* const real = next<ssize_t(int, const void*, std::size_t, off64_t)>("pwrite64");
    const auto is_log = [&] {
        return fluentsync::support::path_of(fd).find("store.db-wal") != std::string::npos;
    };
    if (!ours || fits(size) || !is_log()) return real(fd, bytes, size, offset);
    ++refused;
    errno = ENOSPC;
    return -1;
}

namespace fluentsync::flow {

namespace {

void insert(const std::string& database, const std::string& id) {
    ours = false;
    raw_sql(database, "INSERT INTO entities(type, id, content) VALUES('note', '" + id + "', 'theirs')");
    ours = true;
}

}  // namespace

TEST_CASE("a full disk: what another program wrote is tried again until there is room, and told once") {
    constexpr int kLooks = 3;
    const Room left = GENERATE(Room::for_a_header, Room::none);
    Place place;
    place.options.git.enabled = false;
    EventLog log;
    Workspace workspace(
        place.options);  // Not started: nothing but looks for foreign writes happens by itself.
    const auto subscription = workspace.subscribe(log);
    workspace.store().put({"note", "a", "ours"});  // The log has begun.
    for (const std::string id : {"b", "c"}) {
        log.clear();
        {
            const FullDisk full(left);
            insert(place.options.store.path, id);
            REQUIRE(wait_until([&] { return refused >= kLooks; }));
            CHECK(log.count(entity_event(EventKind::entity_created, id)) == 0);
        }
        REQUIRE(log.wait_for(entity_event(EventKind::entity_created, id)));
        CHECK(log.count(EventKind::error) == 1);
        CHECK(log.count([](const Event& event) { return event.code == ErrorCode::io; }) == 1);
    }
}

}  // namespace fluentsync::flow
