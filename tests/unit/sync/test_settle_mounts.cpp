// What a mount that goes away hides, on a folder that only says what is mounted.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "../files/hook_folder.hpp"
#include "still_clock.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {
namespace {

struct MountedFolder {
    MountedFolder() {
        if (mkdtemp(base.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        store.emplace(nullptr, StoreOptions{base + "/store.db", 16384, false}, clock);
        DirectoryOptions options;
        options.sync_path = base + "/notes";
        options.durable = false;
        options.deletion_guard = {100, 1.0, 100};
        context.emplace(*store, options);
        for (const char* path : {"ext/a.md", "ext/b.md", "note/c.md", "note/d.md"})
            write(path);
        folder = std::make_shared<HookFolder>(options.sync_path);
        context->folder = folder;
        folder->mounted = {{"ext", "disk"}};
        settle();
    }
    ~MountedFolder() { std::filesystem::remove_all(base); }

    void write(const std::string& path) const {
        const auto file = std::filesystem::path(base + "/notes/" + path);
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << path << "\n";
    }
    void hide(const std::string& away) const { std::filesystem::rename(base + "/notes/ext", base + away); }
    void show(const std::string& away) const { std::filesystem::rename(base + away, base + "/notes/ext"); }
    /// Two looks, as far apart as a deletion needs, and what `between` does before each is judged.
    void settle(const std::function<void()>& between = [] {}) {
        for (int look = 0; look < 2; ++look) {
            context->mounts.look(*context);
            Settler settler(*context);
            settler.settle({"ext/a.md", "ext/b.md", "note/c.md", "note/d.md"});
            if (look == 1) between();
            settler.finish();
            clock.now += 10'000;
        }
    }
    std::int64_t known() {
        std::int64_t count = 0;
        store->read([&](store::Connection& connection) { count = store::count_rows(connection, true); });
        return count;
    }
    std::string reason() {
        std::optional<Held> held;
        store->read([&](store::Connection& connection) { held = store::find_hold(connection, "ext"); });
        return held ? held->reason : std::string();
    }

    std::string base = (std::filesystem::temp_directory_path() / "fluentsync-mounts-XXXXXX").string();
    StillClock clock;
    std::optional<store::StoreBody> store;
    std::optional<SyncContext> context;
    std::shared_ptr<HookFolder> folder;
};

}  // namespace

TEST_CASE_METHOD(MountedFolder, "settle: what an unmounted file system hides is held, and back with it") {
    const bool another = GENERATE(true, false);
    hide("/away");
    if (another) {
        folder->mounted = {{"ext", "other"}};
        write("ext/stray.md");
    } else {
        folder->mounted = {};
    }
    settle();
    CHECK(known() == 4);
    CHECK(context->held_deletions == std::set<std::string>{"ext/a.md", "ext/b.md"});
    CHECK_THAT(reason(), Catch::Contains(another ? "mounted over it" : "not mounted"));
    std::filesystem::remove(base + "/notes/note/c.md");
    settle();
    CHECK(known() == 3);
    std::filesystem::remove_all(base + "/notes/ext");
    show("/away");
    folder->mounted = {{"ext", "disk"}};
    settle();
    CHECK(known() == 3);
    CHECK(context->held_deletions.empty());
    CHECK(reason().empty());
}

TEST_CASE_METHOD(MountedFolder,
                 "settle: a file system that goes before its files are judged has deleted none") {
    hide("/away");
    settle([&] { folder->mounted = {}; });
    CHECK(known() == 4);
    CHECK_FALSE(reason().empty());
}

TEST_CASE_METHOD(MountedFolder, "settle: a file system whose id is another one is known by a file of its") {
    folder->mounted = {{"ext", "the same after a restart"}};
    std::filesystem::remove(base + "/notes/ext/a.md");
    settle();
    CHECK(known() == 3);
    CHECK(reason().empty());
}

}  // namespace fluentsync::sync
