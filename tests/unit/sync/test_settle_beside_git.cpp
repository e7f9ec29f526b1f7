// Files while a person's git goes over them, on a clock of the test's own.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "still_clock.hpp"
#include "store/records.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {
namespace {

struct BesideGit {
    BesideGit() : path(std::filesystem::temp_directory_path() / "fluentsync-beside-XXXXXX") {
        if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        options.sync_path = path + "/notes";
        options.durable = false;
        store.emplace(nullptr, StoreOptions{path + "/store.db", 16384, false}, clock);
        context.emplace(*store, options);
        context->folder = runtime::open_folder(options.sync_path, true);
        context->persons_git.holds_index = [this] { return held; };
    }
    ~BesideGit() { std::filesystem::remove_all(path); }

    SettleReport settle() {
        Settler settler(*context);
        settler.settle({"note/a.md"});
        settler.finish();
        return settler.report();
    }
    void put(const std::string& content) {
        store->write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            writer.put({"note", "a"}, content, base::hash_blob(content), "{}");
        });
    }
    void write(const std::string& content) const {
        std::ofstream(options.sync_path + "/note/a.md", std::ios::binary) << content;
    }
    std::string file() const {
        std::ifstream in(options.sync_path + "/note/a.md", std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::string content() {
        std::string text;
        store->read([&](store::Connection& connection) {
            text = store::find_content(connection, {"note", "a"}).value_or("");
        });
        return text;
    }

    std::string path;
    StillClock clock;
    DirectoryOptions options;
    std::optional<store::StoreBody> store;
    std::optional<SyncContext> context;
    bool held = false;
};

}  // namespace

TEST_CASE("settle: no file is written while a person's git holds the index") {
    BesideGit here;
    here.put("one\n");
    here.held = true;
    CHECK(here.settle().again == std::vector<std::string>{"note/a.md"});
    CHECK(here.file().empty());
    here.held = false;
    CHECK(here.settle().exported == 1);
    here.put("two\n");
    here.held = true;
    here.settle();
    CHECK(here.file() == "one\n");
    here.context->insists = true;
    here.settle();
    CHECK(here.file() == "two\n");
}

TEST_CASE("settle: what a person's git puts over an uncommitted version is taken in once that git is done") {
    BesideGit here;
    here.put("one\n");
    here.settle();
    here.held = true;
    here.write("git's\n");
    CHECK(here.settle().again == std::vector<std::string>{"note/a.md"});
    CHECK(here.content() == "one\n");
    here.held = false;
    CHECK(here.settle().imported == 1);
    CHECK(here.content() == "git's\n");
}

TEST_CASE("settle: what a git overwrites that took hold of the index just after the look is kept") {
    BesideGit here;
    int looks = 0;
    here.context->persons_git.holds_index = [&] { return looks++ > 0; };
    here.put("one\n");
    REQUIRE(here.settle().exported == 1);
    here.context->persons_git.holds_index = [] { return false; };
    here.write("git's\n");
    here.settle();
    CHECK(here.content() == "git's\n");
    std::vector<Conflict> conflicts;
    here.store->read(
        [&](store::Connection& connection) { conflicts = store::list_conflicts(connection, false); });
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].loser_content == "one\n");
}

}  // namespace fluentsync::sync
