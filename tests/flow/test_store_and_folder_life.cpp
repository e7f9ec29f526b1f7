// Starting, stopping, owning a folder: nothing is lost or done twice.
#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <sstream>
#include <thread>

#include "git_steps.hpp"
#include "pair.hpp"

namespace fluentsync::flow {

namespace {

/// The folders, by inode, that this process watches.
std::set<std::string> watches() {
    std::set<std::string> inodes;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
        std::istringstream lines(read_file(entry.path()));
        for (std::string line; std::getline(lines, line);) {
            if (line.rfind("inotify wd:", 0) != 0) continue;
            const auto inode = line.find("ino:");
            inodes.insert(line.substr(inode, line.find(' ', inode) - inode));
        }
    }
    return inodes;
}

}  // namespace

TEST_CASE("life: what was pending when the process left is exported by the next [trap-20]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.sync_debounce = std::chrono::hours(1);
    pair.directory().start();
    pair.directory().flush();
    pair.put("a", "one\n");
    pair.put("b", "two\n");
    pair.store().remove({"note", "b"});
    CHECK(pair.directory().status().pending_exports > 0);
    CHECK_FALSE(pair.has("note/a.md"));
    pair.reopen();
    pair.directory().start();
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "a")));
    CHECK(pair.read("note/a.md") == "one\n");
    CHECK_FALSE(pair.has("note/b.md"));
    pair.directory().flush();
    CHECK(pair.directory().status().pending_exports == 0);
}

TEST_CASE("life: a steady stream of writes does not starve the batch [trap-46]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.sync_debounce = std::chrono::milliseconds(400);
    pair.options.max_sync_delay = std::chrono::milliseconds(400);
    pair.directory().start();
    pair.directory().flush();
    std::atomic<bool> enough{false};
    std::thread writer([&] {
        for (int i = 0; !enough; ++i)
            pair.store().put({"note", "busy", std::to_string(i)});
    });
    const bool exported = pair.log.wait_for(entity_event(EventKind::file_exported, "busy"), 3);
    enough = true;
    writer.join();
    CHECK(exported);
}

TEST_CASE("life: store and folder both full at the start, and written to while it starts [trap-49]") {
    Pair pair;
    pair.options.auto_sync = true;
    for (int i = 0; i < 200; ++i) {
        pair.put("store " + std::to_string(i), "store\n");
        pair.write("note/file " + std::to_string(i) + ".md", "file\n");
        pair.put("both " + std::to_string(i), "both\n");
        pair.write("note/both " + std::to_string(i) + ".md", "both\n");
    }
    pair.directory().start();
    for (int i = 0; i < 50; ++i) {
        pair.put("late " + std::to_string(i), "late\n");
        pair.write("note/late file " + std::to_string(i) + ".md", "late\n");
    }
    pair.directory().flush();
    CHECK(pair.store().count() == 700);
    CHECK(pair.stamps().size() == 700);
    CHECK(pair.store().conflicts().empty());
    CHECK(pair.settled());
}

TEST_CASE("life: stop and close in the middle of the work lose nothing [trap-51]") {
    Pair pair;
    pair.options.auto_sync = true;
    std::vector<EntityDraft> drafts;
    for (int i = 0; i < 1500; ++i)
        drafts.push_back({"note", std::to_string(i), "text\n"});
    pair.store().put_all(drafts);
    for (int i = 0; i < 5; ++i) {
        pair.put("round", std::to_string(i));
        pair.directory().start();
        if (i % 2 == 0) pair.directory().stop();
        pair.close();
        pair.open();
    }
    pair.directory().flush();
    CHECK(pair.stamps().size() == 1501);
    CHECK(pair.read("note/round.md") == "4");
    CHECK(pair.settled());
    pair.close();
    pair.open();
    pair.directory().stop();
    pair.directory().close();
    CHECK(code_of([&] { pair.directory().flush(); }) == ErrorCode::closed);
    CHECK(code_of([&] { pair.directory().start(); }) == ErrorCode::closed);
    pair.directory().close();
}

TEST_CASE("life: stopped, nothing moves; started again, it all does [trap-51]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.put("a", "one\n");
    pair.directory().start();
    pair.directory().flush();
    pair.directory().stop();
    CHECK_FALSE(pair.directory().status().auto_sync);
    CHECK_FALSE(pair.directory().status().watching);
    pair.put("a", "two\n");
    pair.write("note/b.md", "b\n");
    pair.fence();
    CHECK(pair.read("note/a.md") == "one\n");
    pair.directory().start();
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, "b")));
    pair.directory().flush();
    CHECK(pair.read("note/a.md") == "two\n");
    pair.write("note/b.md", "b2\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::entity_updated, "b")));
}

TEST_CASE("life: another DirectorySync after the first has closed sees everything once [trap-52]") {
    Pair pair;
    pair.options.auto_sync = true;
    for (int i = 0; i < 3; ++i) {
        pair.reopen();
        pair.directory().start();
        pair.directory().flush();
        pair.log.clear();
        const std::string id = "n" + std::to_string(i);
        pair.write("note/" + id + ".md", "text\n");
        REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, id)));
        pair.directory().flush();
        pair.fence();
        CHECK(pair.log.count(entity_event(EventKind::file_imported, id)) == 1);
        CHECK(pair.log.count(entity_event(EventKind::entity_created, id)) == 1);
    }
}

TEST_CASE("life: other options mean another open, and no watch of the old one is left [trap-52]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.write("note/deep/a.md", "text\n");
    REQUIRE(watches().empty());
    // The root, note, note/deep, and the folder of the database.
    for (int i = 0; i < 3; ++i) {
        pair.options.sync_debounce = std::chrono::milliseconds(20 + i);
        pair.open();
        pair.directory().start();
        pair.directory().flush();
        REQUIRE(wait_until([] { return watches().size() == 4; }));
        pair.close();
        CHECK(wait_until([] { return watches().empty(); }));
    }
}

TEST_CASE("life: a folder has one owner in this process, which goes on undisturbed [trap-53]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.directory().start();
    pair.directory().flush();
    {
        EventLoop loop;
        DirectorySync second(loop, pair.store(), pair.options);
        CHECK(code_of([&] { second.start(); }) == ErrorCode::folder_owned);
        CHECK(code_of([&] { second.flush(); }) == ErrorCode::folder_owned);
        CHECK(code_of([&] { second.import_all(); }) == ErrorCode::folder_owned);
    }
    pair.put("a", "still exported\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "a")));
    pair.write("note/b.md", "still imported\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, "b")));
}

TEST_CASE("life: a folder has one owner among processes, until that one dies [trap-53]") {
    Pair pair;
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {  // Nothing but what the test needs; leaves without a word.
        try {
            EventLoop loop;
            EntityStore store(loop, {pair.base / "theirs.db"});
            DirectorySync theirs(loop, store, pair.options);
            store.put({"note", "a", "theirs\n"});
            theirs.flush();
            if (write(ready[1], "k", 1) == 1) pause();
        } catch (const std::exception&) {
        }
        _exit(1);
    }
    close(ready[1]);
    char answer = 0;
    REQUIRE(read(ready[0], &answer, 1) == 1);
    REQUIRE(answer == 'k');
    ErrorCode code = ErrorCode::ok;
    std::string message;
    try {
        pair.directory().start();
    } catch (const Error& error) {
        code = error.code();
        message = error.what();
    }
    const auto count = pair.store().count();
    kill(child, SIGKILL);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    CHECK(code == ErrorCode::folder_owned);
    CHECK(message.find(std::to_string(child)) != std::string::npos);
    CHECK(count == 0);
    close(ready[0]);
    pair.directory().start();
    pair.directory().flush();
    CHECK(pair.content("a") == "theirs\n");
}

TEST_CASE("life: what a crash left aside is cleaned up, and an edit among it kept and told [trap-20]") {
    Pair pair;
    pair.put("a", "in the store\n");
    pair.put("b", "in the store too\n");
    pair.directory().flush();
    pair.close();
    // The names end with the beginning of the SHA-1 of the path: note/a.md, note/b.md.
    const std::string known = "moved-1-eb0d663a36ef460a";
    const std::string from_elsewhere = "moved-3-307eeca38c1dbc0c";
    pair.write(".fluentsync/tmp/part-1", "never in place\n");
    pair.write(".fluentsync/tmp/" + known, "in the store\n");
    pair.write(".fluentsync/tmp/moved-2", "somebody's edit\n");
    // A file that was moved there just before: its first place is empty, and nothing else keeps it.
    pair.write(".fluentsync/tmp/" + from_elsewhere, "in the store\n");
    pair.open();
    pair.directory().flush();
    REQUIRE(pair.log.wait_for([](const Event& event) { return event.kind == EventKind::warning; }, 2));
    CHECK(std::filesystem::is_empty(pair.file(".fluentsync/tmp")));
    CHECK(pair.read(".fluentsync/rescued/moved-2") == "somebody's edit\n");
    CHECK(pair.read(".fluentsync/rescued/" + from_elsewhere) == "in the store\n");
    CHECK_FALSE(pair.has(".fluentsync/rescued/" + known));
    CHECK(pair.log.count([](const Event& event) {
        return event.kind == EventKind::warning && event.path == ".fluentsync/rescued/moved-2" &&
               event.message.find(event.path) != std::string::npos;
    }) == 1);
}

TEST_CASE("life: status tells the age of each hop's last progress, and what keeps it [trap-54]") {
    Pair pair;
    CHECK_FALSE(pair.directory().status().export_progress_age);
    CHECK_FALSE(pair.directory().status().import_progress_age);
    CHECK(pair.directory().status().last_sync == 0);
    pair.put("a", "one\n");
    CHECK(pair.directory().status().pending_exports == 1);
    pair.directory().flush();
    const DirectoryStatus status = pair.directory().status();
    REQUIRE(status.export_progress_age);
    REQUIRE(status.import_progress_age);
    CHECK(*status.export_progress_age >= 0);
    CHECK(status.last_sync > 0);
    CHECK(status.pending_exports == 0);
    CHECK(status.last_error.empty());
    // A folder where the file belongs: the export cannot move, and says so.
    pair.put("stuck", "text\n");
    std::filesystem::create_directories(pair.file("note/stuck.md"));
    const ErrorCode code = code_of([&] { pair.directory().flush(); });
    const DirectoryStatus after = pair.directory().status();
    CHECK((code != ErrorCode::ok || !after.held.empty()));
    CHECK((!after.last_error.empty() || !after.held.empty()));
    std::filesystem::remove(pair.file("note/stuck.md"));
    pair.directory().import_all();
    CHECK(pair.read("note/stuck.md") == "text\n");
    CHECK(pair.directory().status().last_error.empty());
    CHECK(pair.directory().status().held.empty());
}

}  // namespace fluentsync::flow
