#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>

#include "files/scan.hpp"
#include "files/watch_pace.hpp"
#include "files/watcher.hpp"
#include "stranger.hpp"

using namespace fluentsync;
using files::Watcher;

namespace {

struct Told {
    std::mutex mutex;
    std::condition_variable more;
    std::set<std::string> files, added, gone;
    std::size_t calls = 0;
    std::atomic<bool> overflow = false, root_gone = false;

    files::WatchSink sink() {
        files::WatchSink sink;
        sink.on_files = [this](std::vector<std::string>&& paths) {
            change([&] {
                files.insert(paths.begin(), paths.end());
                ++calls;
            });
        };
        sink.on_folder_added = [this](const std::string& path) { change([&] { added.insert(path); }); };
        sink.on_folder_gone = [this](const std::string& path) { change([&] { gone.insert(path); }); };
        sink.on_overflow = [this] { change([&] { overflow = true; }); };
        sink.on_root_gone = [this] { change([&] { root_gone = true; }); };
        return sink;
    }
    template <typename Change>
    void change(const Change& change) {
        const std::lock_guard guard(mutex);
        change();
        more.notify_all();
    }
    void forget() {
        change([&] {
            files.clear();
            added.clear();
            gone.clear();
        });
    }
};

bool every_folder(const std::string&) {
    return true;
}

using PathSet = std::set<std::string>;

struct Watched {
    Watched()
        : loop(runtime::LoopBody::own()),
          root(runtime::open_folder(at.path.string(), false)),
          watcher(std::make_unique<Watcher>(loop, root, told.sink())) {}
    ~Watched() {
        watcher.reset();
        loop->close();
    }
    /// What is told up to now. The lock is not needed: nothing else happens in the folder.
    Told& now() {
        watcher->drain();
        return told;
    }

    TempFolder at;
    Told told;
    std::shared_ptr<runtime::LoopBody> loop;
    std::shared_ptr<runtime::Folder> root;
    std::unique_ptr<Watcher> watcher;
};

}  // namespace

TEST_CASE_METHOD(Watched, "writes, creations, hard links, removals and moves of files are seen") {
    at.put("note/a.md", "a");
    at.put("note/b.md", "b");
    at.put("note/c.md", "c");
    REQUIRE(watcher->watch_tree("", every_folder));
    CHECK(watcher->watch_count() == 2);
    at.put("note/a.md", "changed");
    at.put("new.md", "new");
    std::filesystem::create_hard_link(at.path / "note/a.md", at.path / "note/link.md");
    std::filesystem::remove(at.path / "note/b.md");
    std::filesystem::rename(at.path / "note/c.md", at.path / "moved.md");
    CHECK(now().files ==
          PathSet{"note/a.md", "new.md", "note/link.md", "note/b.md", "note/c.md", "moved.md"});
    CHECK(told.added.empty());
}

TEST_CASE_METHOD(Watched, "a change is told on the loop without anybody asking") {
    REQUIRE(watcher->watch_tree("", every_folder));
    at.put("a.md", "a");
    std::unique_lock lock(told.mutex);
    told.more.wait(lock, [&] { return told.files.count("a.md") > 0; });
    CHECK(told.files == PathSet{"a.md"});
}

TEST_CASE_METHOD(Watched, "of a burst of changes every one is told, in fewer looks [trap-47]") {
    constexpr std::size_t kFiles = 2000;
    for (std::size_t file = 0; file < kFiles; ++file)
        at.put(std::to_string(file) + ".md", "x");
    REQUIRE(watcher->watch_tree("", every_folder));
    std::promise<void> burst_over;  // The burst is over before the loop looks, however slow the disk is.
    loop->post([over = burst_over.get_future().share()] { over.wait(); });
    for (std::size_t file = 0; file < kFiles; ++file)
        std::filesystem::remove(at.path / (std::to_string(file) + ".md"));
    burst_over.set_value();
    std::unique_lock lock(told.mutex);
    told.more.wait(lock, [&] { return told.files.size() == kFiles; });
    CHECK(told.calls < kFiles / 100);
}

TEST_CASE(
    "a burst: after some looks in a row the loop rests between two; not where the queue may overflow "
    "[trap-47]") {
    using namespace base::tuning;
    using std::chrono::milliseconds;
    const std::chrono::steady_clock::time_point start(std::chrono::hours(1));
    files::WatchPace pace;
    std::vector<milliseconds> rests;
    auto now = start;
    for (int look = 0; look < kWatchBurst + 1; ++look) {
        rests.push_back(pace.after_look(100, now));
        now += rests.back() + kWatchRest / 4;
    }
    CHECK(std::count(rests.begin(), rests.end(), milliseconds(0)) == kWatchBurst - 1);
    CHECK(rests.back() == kWatchRest);
    CHECK(pace.after_look(kWatchReadBytes, now) == milliseconds(0));       // Much is waiting.
    CHECK(pace.after_look(100, now + kWatchRest * 2) == milliseconds(0));  // The burst is over.
}

TEST_CASE_METHOD(Watched, "[trap-12] an editor's save by rename is a look at the path") {
    at.put("note/a.md", "a");
    REQUIRE(watcher->watch_tree("", every_folder));
    save_by_rename(at, "note/a.md", "b");
    CHECK(now().files.count("note/a.md") == 1);
    CHECK(told.gone.empty());
}

TEST_CASE_METHOD(Watched, "[trap-43] a folder moved in is told, and watched with all its content") {
    at.put("in/x/deep/1.md", "1");
    REQUIRE(watcher->watch_tree("", [](const std::string& folder) { return folder != "in"; }));
    std::filesystem::rename(at.path / "in/x", at.path / "x");
    CHECK(now().added == PathSet{"x"});
    REQUIRE(watcher->watch_tree("x", every_folder));
    CHECK(watcher->watch_count() == 3);
    at.put("x/deep/1.md", "2");
    CHECK(now().files == PathSet{"x/deep/1.md"});
}

TEST_CASE_METHOD(Watched, "[trap-43] a folder renamed is gone and added; its files go by the new name") {
    at.put("a/sub/1.md", "1");
    REQUIRE(watcher->watch_tree("", every_folder));
    std::filesystem::rename(at.path / "a", at.path / "z");
    CHECK(now().gone == PathSet{"a"});
    CHECK(told.added == PathSet{"z"});
    CHECK(watcher->watch_count() == 1);
    REQUIRE(watcher->watch_tree("z", every_folder));
    told.forget();
    at.put("z/sub/1.md", "2");
    CHECK(now().files == PathSet{"z/sub/1.md"});
}

TEST_CASE_METHOD(Watched, "a folder too deep for a path is passed over, and the others are watched") {
    at.put("note/a.md", "a");
    const std::string name(200, 'd');
    int folder = ::open(at.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (int depth = 0; depth < 30; ++depth) {
        REQUIRE(::mkdirat(folder, name.c_str(), 0755) == 0);
        const int below = ::openat(folder, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        ::close(folder);
        folder = below;
    }
    ::close(folder);
    REQUIRE(watcher->watch_tree("", every_folder));
    CHECK(watcher->last_problem().empty());
    at.put("note/a.md", "b");
    CHECK(now().files == PathSet{"note/a.md"});
}

TEST_CASE_METHOD(Watched, "[trap-43] a folder that vanishes before it is watched is skipped") {
    at.put("a/1.md", "1");
    REQUIRE(watcher->watch_tree("", [&](const std::string& folder) {
        if (folder == "a") std::filesystem::remove_all(at.path / "a");
        return true;
    }));
    CHECK(watcher->watch_count() == 1);
    CHECK(watcher->watch_tree("nothing", every_folder));
    CHECK(watcher->last_problem().empty());
}

TEST_CASE_METHOD(Watched, "a removed folder is gone and its watches are dropped") {
    at.put("a/b/1.md", "1");
    REQUIRE(watcher->watch_tree("", every_folder));
    std::filesystem::remove_all(at.path / "a");
    CHECK(now().gone.count("a") == 1);
    CHECK(watcher->watch_count() == 1);
    at.put("a/2.md", "2");
    CHECK(now().added == PathSet{"a"});
}

TEST_CASE_METHOD(Watched, "[trap-42] a linked folder is not entered") {
    at.put("real/1.md", "1");
    std::filesystem::create_directory_symlink(at.path / "real", at.path / "link");
    REQUIRE(watcher->watch_tree("", every_folder));
    CHECK(watcher->watch_count() == 2);
    CHECK(watcher->watch_folder("link"));
    CHECK(watcher->watch_count() == 2);
}

TEST_CASE_METHOD(Watched, "excluded folders are not watched") {
    at.put(".git/HEAD", "x");
    at.put(".fluentsync/tmp/part-1", "x");
    REQUIRE(watcher->watch_tree("", every_folder));
    CHECK(watcher->watch_folder(".git"));
    CHECK(watcher->watch_count() == 1);
    at.put(".git/index", "x");
    at.put(".fluentsync/tmp/part-2", "x");
    CHECK(now().files.empty());
}

TEST_CASE_METHOD(Watched, "one walk both watches and scans") {
    at.put("a/b/1.md", "1");
    at.put("c/2.md", "2");
    runtime::HelperPool pool(2);
    REQUIRE(watcher->watch_folder(""));
    const auto found = files::scan(
        *root, "", [&](const std::string& folder) { return watcher->watch_folder(folder); }, pool);
    CHECK(found.files.size() == 2);
    CHECK(watcher->watch_count() == found.folders.size());
    at.put("a/b/1.md", "changed");
    CHECK(now().files == PathSet{"a/b/1.md"});
}

TEST_CASE_METHOD(Watched, "the end of the root is told") {
    std::filesystem::create_directory(at.path / ".fluentsync");
    REQUIRE(watcher->watch_tree("", every_folder));
    SECTION("moved") {
        std::filesystem::rename(at.path, at.path.string() + "-moved");
        CHECK(now().root_gone);
        std::filesystem::rename(at.path.string() + "-moved", at.path);
    }
    SECTION("removed while we hold it open") {
        std::filesystem::remove_all(at.path);
        CHECK(now().root_gone);
    }
}

TEST_CASE_METHOD(Watched, "drain hands over everything that was queued, however much") {
    REQUIRE(watcher->watch_tree("", every_folder));
    constexpr std::size_t kFiles = 2000;
    for (std::size_t i = 0; i < kFiles; ++i)
        at.put("file-" + std::to_string(i), "x");
    CHECK(now().files.size() == kFiles);
}

TEST_CASE("nothing is told after a watcher is gone, also when it goes from within a call") {
    TempFolder at;
    const auto loop = runtime::LoopBody::own();
    std::unique_ptr<Watcher> watcher;
    std::mutex mutex;
    std::condition_variable more;
    int calls = 0;
    files::WatchSink sink;
    sink.on_folder_added = [&](const std::string&) {
        const std::lock_guard guard(mutex);
        watcher.reset();
        ++calls;
        more.notify_all();
    };
    sink.on_files = [&](std::vector<std::string>&&) {
        const std::lock_guard guard(mutex);
        ++calls;
    };
    {
        const std::lock_guard guard(mutex);
        watcher = std::make_unique<Watcher>(loop, runtime::open_folder(at.path.string(), false), sink);
        REQUIRE(watcher->watch_tree("", [](const std::string&) { return true; }));
        std::filesystem::create_directory(at.path / "folder");
        at.put("file", "x");
    }
    std::unique_lock lock(mutex);
    more.wait(lock, [&] { return calls > 0; });
    lock.unlock();
    loop->close();
    CHECK(calls == 1);
}
