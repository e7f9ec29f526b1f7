// A file that is away for a moment, on a clock of the test's own.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "../files/hook_folder.hpp"
#include "still_clock.hpp"
#include "store/records.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {
namespace {

struct TempFolder {
    TempFolder() : path(std::filesystem::temp_directory_path() / "fluentsync-settle-XXXXXX") {
        if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    }
    ~TempFolder() { std::filesystem::remove_all(path); }
    std::string path;
};

DirectoryOptions options_in(const TempFolder& base) {
    DirectoryOptions options;
    options.sync_path = base.path + "/notes";
    options.durable = false;
    return options;
}

}  // namespace

TEST_CASE("settle: a file away for one look is still the same file, whatever deletions do [trap-12]") {
    const TempFolder base;
    const StillClock clock;
    store::StoreBody store(nullptr, {base.path + "/store.db", 16384, false}, clock);
    DirectoryOptions options = options_in(base);
    options.delete_on_file_removal = GENERATE(true, false);
    SyncContext context(store, options);
    context.folder = runtime::open_folder(options.sync_path, true);
    const std::string file = options.sync_path + "/note/a.md";
    const auto look = [&] {
        Settler settler(context);
        settler.settle({"note/a.md"});
        settler.finish();
    };
    const auto write = [&](const std::string& content) {
        std::filesystem::create_directories(options.sync_path + "/note");
        std::ofstream(file, std::ios::binary) << content;
    };
    write("one\n");
    look();
    std::filesystem::remove(file);  // As an editor does that deletes and makes anew.
    look();
    write("two\n");
    look();
    store.read([&](store::Connection& connection) {
        CHECK(store::find_content(connection, {"note", "a"}) == "two\n");
        CHECK(store::count_rows(connection, false) == 1);
    });
    std::int64_t conflicts = 0;
    store.read([&](store::Connection& connection) {
        auto statement = connection.prepare("SELECT count(*) FROM conflicts");
        statement->executeStep();
        conflicts = store::column_int(*statement, 0);
    });
    CHECK(conflicts == 0);
}

TEST_CASE(
    "settle: what has gone, or is no file any more, since the look wins against no change of the store") {
    const bool folder_now = GENERATE(true, false);
    const TempFolder base;
    StillClock clock;
    store::StoreBody store(nullptr, {base.path + "/store.db", 16384, false}, clock);
    DirectoryOptions options = options_in(base);
    options.conflict_policy = ConflictPolicy::prefer_file;
    SyncContext context(store, options);
    std::filesystem::create_directories(options.sync_path + "/note");
    const auto hooked = std::make_shared<HookFolder>(options.sync_path);
    context.folder = hooked;
    const std::string file = options.sync_path + "/note/a.md";
    const auto put = [&](const std::string& content) {
        store.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            writer.put({"note", "a"}, content, base::hash_blob(content), "{}");
        });
    };
    put("one\n");
    Settler first(context);
    first.settle({"note/a.md"});
    std::ofstream(file, std::ios::binary) << "theirs\n";
    put("ours\n");
    bool was_read = false;
    int looks = 0;
    hooked->before = [&](const std::string& operation, const std::string&) {
        was_read = was_read || operation == "read";
        // The reading itself ends with a look: the next one is the last before the contest.
        if (!was_read || operation != "stat" || ++looks != 2) return;
        std::filesystem::remove(file);
        if (folder_now) std::filesystem::create_directory(file);
    };
    Settler second(context);
    second.settle({"note/a.md"});
    hooked->before = nullptr;
    REQUIRE(looks >= 2);
    CHECK(second.report().again == std::vector<std::string>{"note/a.md"});
    store.read([&](store::Connection& connection) {
        CHECK(store::find_content(connection, {"note", "a"}) == "ours\n");
        CHECK(store::count_open_conflicts(connection) == 0);
    });
}

TEST_CASE("settle: what an editor has only cut yet is no content to hold [trap-12] [trap-13]") {
    const std::string half = GENERATE(as<std::string>(), "", "---\ntitle: [a,\n---\n");
    const TempFolder base;
    StillClock clock;
    store::StoreBody store(nullptr, {base.path + "/store.db", 16384, false}, clock);
    DirectoryOptions options = options_in(base);
    SyncContext context(store, options);
    context.folder = runtime::open_folder(options.sync_path, true);
    std::filesystem::create_directories(options.sync_path + "/note");
    std::ofstream(options.sync_path + "/note/a.md", std::ios::binary) << half;
    const auto look = [&] {
        Settler settler(context);
        settler.settle({"note/a.md"});
        settler.finish();
        return settler.report().again.size();
    };
    CHECK(look() == 1);
    CHECK(context.holds.empty());
    clock.ahead_ns = 1'000'000'000;  // Nothing has been written for a while.
    CHECK(look() == 0);
    CHECK(context.holds.count("note/a.md") == 1);
}

}  // namespace fluentsync::sync
