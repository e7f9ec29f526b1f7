// What an export has on the disk, and when. No crash of a process shows a missing sync: only its place among
// the calls.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "../../support/temp_folder.hpp"
#include "../files/hook_folder.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {
namespace {

struct Exports {
    Exports() {
        options.sync_path = base / "notes";
        std::filesystem::create_directories(options.sync_path + "/.fluentsync/tmp");
        context.emplace(store, options);
        folder = std::make_shared<HookFolder>(options.sync_path);
        context->folder = folder;
    }

    /// Stores `count` entities and exports them. The calls, as "operation path"; "ledger" is the first moment
    /// at which the ledger has every file.
    std::vector<std::string> export_some(int count) {
        std::filesystem::create_directories(options.sync_path + "/note");
        return export_to_new(count, "");
    }

    /// The same, where the folders of the entities are not there yet.
    std::vector<std::string> export_to_new(int count, const std::string& below) {
        std::vector<std::string> paths;
        store.write(Origin::api, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
            for (int i = 0; i < count; ++i) {
                const EntityKey key{"note", below + std::to_string(i)};
                writer.put(key, "text\n", base::hash_blob("text\n"), "{}");
                paths.push_back("note/" + key.id + ".md");
            }
        });
        std::vector<std::string> calls;
        folder->before = [&](const std::string& operation, const std::string& path) {
            calls.push_back(operation + " " + path);
            if (rows() != 0) calls.emplace_back("ledger");
        };
        Settler settler(*context);
        settler.settle(paths);
        folder->before = nullptr;
        calls.emplace_back("ledger");
        CHECK(rows() == count);
        return calls;
    }

    std::int64_t rows() {
        std::int64_t count = 0;
        store.read([&](store::Connection& connection) { count = store::count_rows(connection, false); });
        return count;
    }

    support::TempFolder base;
    store::StoreBody store{nullptr, {base / "store.db", 16384, false}, base::system_clock()};
    DirectoryOptions options;
    std::optional<SyncContext> context;
    std::shared_ptr<HookFolder> folder;
};

/// Places in `calls` of those that begin with `what`.
std::vector<std::ptrdiff_t> places_of(const std::vector<std::string>& calls, const std::string& what) {
    std::vector<std::ptrdiff_t> places;
    for (auto at = calls.begin(); at != calls.end(); ++at) {
        if (at->rfind(what, 0) == 0) places.push_back(at - calls.begin());
    }
    return places;
}

}  // namespace

TEST_CASE("settle: an exported file is on the disk before it has its name, and its name before the ledger") {
    Exports exports;
    const auto calls = exports.export_some(1);
    const auto written = places_of(calls, "write_new .fluentsync/tmp/");
    const auto bytes = places_of(calls, "sync_path .fluentsync/tmp/");
    const auto named = places_of(calls, "rename_new .fluentsync/tmp/");
    const auto name = places_of(calls, "sync_path note");
    const auto ledger = places_of(calls, "ledger");
    for (const auto* places : {&written, &bytes, &named, &name})
        REQUIRE(places->size() == 1);
    CHECK(written.front() < bytes.front());
    CHECK(bytes.front() < named.front());
    CHECK(named.front() < name.front());
    CHECK(name.front() < ledger.front());
}

TEST_CASE("settle: a folder that an export makes has its name on the disk before the ledger has the file") {
    const int count = GENERATE(1, 3);
    Exports exports;
    const auto calls = exports.export_to_new(count, "deep/er/");
    const auto named = places_of(calls, "rename_new .fluentsync/tmp/");
    const auto ledger = places_of(calls, "ledger");
    for (const char* folder : {"note/deep/er", "note/deep", "note", ""}) {
        INFO("folder '" << folder << "'");
        const auto synced =
            std::find(calls.begin() + named.front(), calls.end(), "sync_path " + std::string(folder));
        CHECK(synced - calls.begin() < ledger.front());
    }
}

TEST_CASE("settle: a removal is on the disk, with the folders that it left empty") {
    const bool alone = GENERATE(true, false);
    Exports exports;
    exports.export_to_new(1, "deep/er/");
    if (!alone) std::ofstream(exports.options.sync_path + "/note/deep/other") << "stays\n";
    exports.store.write(Origin::api, store::Durability::full, [](store::StoreBody::EntityWriter& writer) {
        writer.erase({"note", "deep/er/0"});
    });
    std::vector<std::string> calls;
    exports.folder->before = [&](const std::string& operation, const std::string& path) {
        calls.push_back(operation + " " + path);
    };
    Settler settler(*exports.context);
    settler.settle({"note/deep/er/0.md"});
    exports.folder->before = nullptr;
    REQUIRE_FALSE(std::filesystem::exists(exports.options.sync_path + "/note/deep/er/0.md"));
    REQUIRE_FALSE(std::filesystem::exists(exports.options.sync_path + "/note/deep/er"));
    std::string left = "note/deep";
    while (!std::filesystem::exists(exports.options.sync_path + "/" + left))
        left = std::filesystem::path(left).parent_path();
    INFO("left: '" << left << "'");
    CHECK(std::find(calls.begin(), calls.end(), "sync_path " + left) != calls.end());
}

TEST_CASE(
    "settle: a batch of exported files is on the disk before any has its name, and all names before the "
    "ledger") {
    constexpr int kMany = 20;
    Exports exports;
    const auto calls = exports.export_some(kMany);
    const auto written = places_of(calls, "write_new .fluentsync/tmp/");
    const auto named = places_of(calls, "rename_new .fluentsync/tmp/");
    const auto synced = places_of(calls, "sync ");
    const auto ledger = places_of(calls, "ledger");
    REQUIRE(written.size() == kMany);
    REQUIRE(named.size() == kMany);
    REQUIRE(synced.size() == 2);
    CHECK(written.back() < synced.front());
    CHECK(synced.front() < named.front());
    CHECK(named.back() < synced.back());
    CHECK(synced.back() < ledger.front());
}

}  // namespace fluentsync::sync
