#include <rapidcheck.h>
#include <sys/inotify.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "files/watch_map.hpp"

using namespace fluentsync::files;

namespace {

using Paths = std::vector<std::string>;

/// The bytes as the kernel lays them out: the name padded with NULs.
struct Queue {
    std::string bytes;

    void add(int descriptor, unsigned mask, const std::string& name = {}, unsigned cookie = 0) {
        inotify_event event = {};
        event.wd = descriptor;
        event.mask = mask;
        event.cookie = cookie;
        event.len = name.empty() ? 0 : static_cast<unsigned>((name.size() / 16 + 1) * 16);
        bytes.append(reinterpret_cast<const char*>(&event), sizeof event);
        bytes.append(name).append(event.len - name.size(), '\0');
    }
};

struct Reading {
    WatchMap map;
    std::vector<int> obsolete;

    WatchBatch read(const Queue& queue) {
        WatchBatch batch;
        map.interpret(queue.bytes.data(), queue.bytes.size(), batch, obsolete);
        return batch;
    }
};

}  // namespace

TEST_CASE("[trap-12] a save by temp and rename is one look at the path, not a deletion") {
    Reading reading;
    reading.map.set(1, "note");
    Queue queue;
    queue.add(1, IN_CREATE, "a.md~");
    queue.add(1, IN_CLOSE_WRITE, "a.md~");
    queue.add(1, IN_MOVED_FROM, "a.md~", 7);
    queue.add(1, IN_MOVED_TO, "a.md", 7);
    const auto batch = reading.read(queue);
    // A path to look at is all that an event says; whether the temporary is a file of ours the receiver
    // knows.
    CHECK(batch.files == Paths{"note/a.md~", "note/a.md"});
    CHECK(batch.folders_gone.empty());
}

TEST_CASE("a folder's change of mode is a look at all below it, a file's is none") {
    Reading reading;
    reading.map.set(1, "note");
    Queue queue;
    queue.add(1, IN_ATTRIB | IN_ISDIR, "deep");
    queue.add(1, IN_ATTRIB | IN_ISDIR);
    queue.add(1, IN_ATTRIB, "a.md");
    const auto batch = reading.read(queue);
    CHECK(batch.folders_added == Paths{"note/deep"});
    CHECK(batch.files.empty());
    CHECK_FALSE(batch.root_gone);
}

TEST_CASE("[trap-47] an overflow of the kernel's queue is told, and what follows it too") {
    Reading reading;
    reading.map.set(1, "");
    Queue queue;
    queue.add(-1, IN_Q_OVERFLOW);
    queue.add(1, IN_CLOSE_WRITE, "a");
    const auto batch = reading.read(queue);
    CHECK(batch.overflow);
    CHECK(batch.files == Paths{"a"});
}

TEST_CASE("[trap-43] a renamed folder is gone with all below it, and added under its new name") {
    Reading reading;
    reading.map.set(1, "");
    reading.map.set(2, "a");
    reading.map.set(3, "a/b");
    reading.map.set(4, "a-b");
    reading.map.set(5, "a0");
    Queue queue;
    queue.add(1, IN_MOVED_FROM | IN_ISDIR, "a", 9);
    queue.add(1, IN_MOVED_TO | IN_ISDIR, "z", 9);
    queue.add(3, IN_CLOSE_WRITE,
              "late");  // Through the watch of a folder that moved: found by the scan of z.
    queue.add(2, IN_IGNORED);
    queue.add(4, IN_CLOSE_WRITE, "x");
    const auto batch = reading.read(queue);
    CHECK(batch.folders_gone == Paths{"a"});
    CHECK(batch.folders_added == Paths{"z"});
    CHECK(batch.files == Paths{"a-b/x"});
    CHECK(reading.obsolete == std::vector<int>{2, 3});
    CHECK(reading.map.size() == 3);
}

TEST_CASE("a folder watched anew under its new name before its move was read keeps that name") {
    Reading reading;
    reading.map.set(1, "");
    reading.map.set(2, "a");
    CHECK(reading.map.set(2, "z").empty());
    Queue queue;
    queue.add(1, IN_MOVED_FROM | IN_ISDIR, "a", 9);
    queue.add(1, IN_MOVED_TO | IN_ISDIR, "z", 9);
    queue.add(2, IN_CLOSE_WRITE, "x");
    const auto batch = reading.read(queue);
    CHECK(batch.files == Paths{"z/x"});
    CHECK(reading.obsolete.empty());
}

TEST_CASE("another folder at a watched path takes the path over") {
    Reading reading;
    reading.map.set(2, "a");
    CHECK(reading.map.set(3, "a") == std::vector<int>{2});
    Queue queue;
    queue.add(2, IN_CLOSE_WRITE, "old");
    queue.add(2, IN_IGNORED);
    queue.add(3, IN_CLOSE_WRITE, "new");
    CHECK(reading.read(queue).files == Paths{"a/new"});
    CHECK(reading.map.size() == 1);
}

TEST_CASE("the root's end is told, whatever ends it") {
    const auto told = [](int descriptor, unsigned mask, const std::string& name = {}) {
        Reading reading;
        reading.map.set(1, "");
        reading.map.set(2, "sub");
        Queue queue;
        queue.add(descriptor, mask, name);
        return reading.read(queue).root_gone;
    };
    CHECK(told(1, IN_DELETE_SELF));
    CHECK(told(1, IN_MOVE_SELF));
    CHECK(told(1, IN_UNMOUNT));
    CHECK(told(1, IN_DELETE | IN_ISDIR, ".fluentsync"));
    CHECK_FALSE(told(2, IN_UNMOUNT));
    CHECK_FALSE(told(2, IN_DELETE | IN_ISDIR, ".fluentsync"));
    CHECK_FALSE(told(1, IN_DELETE | IN_ISDIR, "sub"));
}

TEST_CASE("excluded folders are not told of") {
    Reading reading;
    reading.map.set(1, "");
    Queue queue;
    queue.add(1, IN_CREATE | IN_ISDIR, ".git");
    queue.add(1, IN_DELETE | IN_ISDIR, ".git");
    queue.add(1, IN_CREATE | IN_ISDIR, ".fluentsync");
    const auto batch = reading.read(queue);
    CHECK(batch.folders_added.empty());
    CHECK(batch.folders_gone.empty());
}

TEST_CASE("a repository that comes or goes in a folder is a look at the folder, but for the root's own") {
    const unsigned mask = GENERATE(IN_CREATE | IN_ISDIR, IN_DELETE | IN_ISDIR, IN_MOVED_FROM | IN_ISDIR,
                                   IN_CLOSE_WRITE + 0, IN_DELETE + 0);
    Reading reading;
    reading.map.set(1, "");
    reading.map.set(2, "note");
    Queue queue;
    queue.add(1, mask, ".git");
    queue.add(2, mask, ".git");
    const WatchBatch batch = reading.read(queue);
    CHECK(batch.folders_added == Paths{"note"});
    CHECK(batch.folders_gone.empty());
}

TEST_CASE("property: whatever the order of events, every descriptor has one path and every path one") {
    const bool ok = rc::check("map stays a bijection", [] {
        Reading reading;
        std::size_t live = 0;
        const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(1, 6), rc::gen::inRange(0, 9)));
        const Paths folders{"", "a", "a/b", "a/b/c", "ab", "b"};
        for (const auto& [descriptor, what] : steps) {
            Queue queue;
            if (what < 6)
                reading.map.set(descriptor, folders[static_cast<std::size_t>(what)]);
            else if (what == 6)
                queue.add(descriptor, IN_MOVED_FROM | IN_ISDIR, "a");
            else if (what == 7)
                queue.add(descriptor, IN_IGNORED);
            else
                queue.add(descriptor, IN_DELETE | IN_ISDIR, "b");
            reading.read(queue);
        }
        std::vector<std::string> seen;
        for (int descriptor = 1; descriptor < 6; ++descriptor) {
            Queue queue;
            queue.add(descriptor, IN_CLOSE_WRITE, "x");
            for (const auto& file : reading.read(queue).files) {
                RC_ASSERT(std::find(seen.begin(), seen.end(), file) == seen.end());
                seen.push_back(file);
                ++live;
            }
        }
        RC_ASSERT(live == reading.map.size());
    });
    REQUIRE(ok);
}
