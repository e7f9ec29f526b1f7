// Contents between store and folder: byte-exact, without echoes, whatever an editor does.
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include "pair.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

/// In place, as an editor that truncates nothing.
void overwrite(const std::string& path, const std::string& bytes) {
    const int file = open(path.c_str(), O_WRONLY);
    REQUIRE(file >= 0);
    REQUIRE(pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    REQUIRE(close(file) == 0);
}

void set_times(const std::string& path, const struct stat& from) {
    const timespec times[2] = {from.st_atim, from.st_mtim};
    REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("store and folder: an export is no import and an import no export [trap-01][trap-02][trap-03]") {
    Pair pair;
    pair.put("out", "from the store\r\n");
    pair.write("note/in.md", "from the folder\r\n\r\n");
    pair.directory().import_all();
    CHECK(pair.settled());
    // Touched, rewritten with what it holds, put with what it holds: no change, no event.
    set_age(pair.file("note/out.md"), std::chrono::hours(1));
    pair.write("note/in.md", "from the folder\r\n\r\n");
    CHECK_FALSE(pair.store().put({"note", "in", "from the folder\r\n\r\n"}).changed);
    const std::int64_t version = pair.store().get({"note", "out"})->version;
    CHECK(pair.settled());
    CHECK(pair.store().get({"note", "out"})->version == version);
    pair.reopen();
    CHECK(pair.settled());
}

TEST_CASE("store and folder: with automation the echo of each change ends at once [trap-03]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.directory().start();
    pair.put("a", "one\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "a")));
    pair.write("note/b.md", "two\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, "b")));
    for (int i = 0; i < 3; ++i) {
        pair.directory().flush();
        pair.fence();
    }
    CHECK(pair.log.count(entity_event(EventKind::file_exported, "a")) == 1);
    CHECK(pair.log.count(entity_event(EventKind::file_imported, "a")) == 0);
    CHECK(pair.log.count(entity_event(EventKind::file_imported, "b")) == 1);
    CHECK(pair.log.count(entity_event(EventKind::file_exported, "b")) == 0);
    CHECK(pair.store().get({"note", "a"})->version == 1);
    CHECK(pair.store().get({"note", "b"})->version == 1);
}

TEST_CASE("store and folder: an edit right behind an export is imported [trap-04]") {
    Pair pair;
    pair.put_company();
    for (int i = 0; i < 100; ++i) {
        const std::string number = std::to_string(100 + i);
        pair.put("a", "store " + number);
        pair.directory().export_all();
        overwrite(pair.file("note/a.md"), "human " + number);  // The same size, within the clock's tick.
        pair.directory().import_all();
        REQUIRE(pair.content("a") == "human " + number);
    }
    CHECK(pair.store().conflicts().empty());
}

TEST_CASE("store and folder: an export takes the store of its own moment [trap-07]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.options.sync_debounce = std::chrono::hours(1);  // Nothing goes before flush() says so.
    pair.directory().start();
    pair.directory().flush();
    pair.put("a", "stale\n");
    pair.put("a", "fresh\n");
    pair.directory().flush();
    CHECK(pair.read("note/a.md") == "fresh\n");
    // A person's newer file is not overwritten by what was queued before.
    pair.put("a", "store\n");
    pair.write("note/a.md", "human\n");
    pair.directory().flush();
    const auto records = pair.store().conflicts();
    REQUIRE(records.size() == 1);
    CHECK(pair.content("a") == pair.read("note/a.md"));
    CHECK((records.front().loser_content == "human\n" || records.front().winner_content == "human\n"));
    CHECK((records.front().loser_content == "store\n" || records.front().winner_content == "store\n"));
}

TEST_CASE("store and folder: the ways editors save are edits, nothing else [trap-12][trap-13]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.put_company();
    pair.put("a", "one\n");
    pair.directory().start();
    pair.directory().flush();
    const std::string path = pair.file("note/a.md");
    for (int round = 0; round < 5; ++round) {
        const std::string text = "edit " + std::to_string(round) + "\n";
        SECTION("a temporary renamed over it, round " + std::to_string(round)) {
            const std::string temporary = pair.file("note/.a.md.swp");
            write_file(temporary, text);
            fs::rename(temporary, path);
        }
        SECTION("a backup first, then a new file, round " + std::to_string(round)) {
            fs::rename(path, path + "~");
            pair.put("elsewhere", text);  // Makes the library look in between.
            REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "elsewhere")));
            write_file(path, text);
            fs::remove(path + "~");
        }
        SECTION("a probe file and a lock beside it, round " + std::to_string(round)) {
            write_file(pair.file("note/4913"), "");
            fs::remove(pair.file("note/4913"));
            write_file(pair.file("note/.#a.md"), "lock");
            write_file(path, text);
            fs::remove(pair.file("note/.#a.md"));
        }
    }
    const std::string last = pair.read("note/a.md");
    pair.directory().flush();
    CHECK(pair.content("a") == last);
    pair.fence();
    CHECK(pair.log.count(EventKind::entity_deleted) == 0);
    CHECK(pair.log.count(EventKind::file_held) == 0);
    for (const Event& event : pair.log.all()) {
        if (event.kind == EventKind::file_imported) CHECK(event.id == "a");
    }
}

TEST_CASE("store and folder: front matter stays as it was written, bytes and all [trap-17]") {
    const std::string text =
        "\xEF\xBB\xBF---\r\n# a comment\r\nzeta: 0x1F   # hex\r\nwhen: 2024-01-01\r\n"
        "alpha: 'single'\r\nlist: [ a,  b ]\r\n---\r\nbody without an end";
    Pair pair;
    pair.write("note/a.md", text);
    const auto before = pair.stamps();
    pair.directory().import_all();
    CHECK(pair.content("a") == text);
    CHECK(pair.store().get({"note", "a"})->metadata.find("\"zeta\":31") != std::string::npos);
    CHECK(pair.stamps() == before);
    CHECK(pair.settled());
    CHECK(pair.stamps() == before);
    pair.put("b", text);
    pair.directory().flush();
    CHECK(pair.read("note/b.md") == text);
}

TEST_CASE("store and folder: an edit of equal size with its old time kept is imported [trap-18]") {
    Pair pair;
    pair.put("a", "aaaa\n");
    pair.directory().flush();
    const std::string path = pair.file("note/a.md");
    set_age(path, std::chrono::hours(1));
    pair.directory().import_all();
    struct stat before = {};
    REQUIRE(stat(path.c_str(), &before) == 0);
    overwrite(path, "bbbb\n");
    set_times(path, before);
    pair.directory().import_all();
    CHECK(pair.content("a") == "bbbb\n");
    // And an export does not destroy one that it has not seen.
    overwrite(path, "cccc\n");
    set_times(path, before);
    pair.put("a", "dddd\n");
    pair.directory().export_all();
    CHECK(pair.store().conflicts().size() == 1);
}

TEST_CASE("store and folder: a raw UPDATE of another connection is exported") {
    Pair pair;
    pair.put("a", "one\n");
    SECTION("by hand") {
        pair.directory().flush();
        raw_sql(pair.database(), "UPDATE entities SET content = 'raw' WHERE id = 'a'");
        raw_sql(pair.database(), "INSERT INTO entities(type, id, content) VALUES('note', 'b/c', 'new')");
        pair.directory().flush();
    }
    SECTION("by itself") {
        pair.options.auto_sync = true;
        pair.reopen();
        pair.directory().start();
        pair.directory().flush();
        raw_sql(pair.database(), "UPDATE entities SET content = 'raw' WHERE id = 'a'");
        raw_sql(pair.database(), "INSERT INTO entities(type, id, content) VALUES('note', 'b/c', 'new')");
        REQUIRE(pair.log.wait_for(entity_event(EventKind::file_exported, "b/c")));
    }
    CHECK(pair.read("note/a.md") == "raw");
    CHECK(pair.read("note/b/c.md") == "new");
    CHECK(pair.settled());
}

TEST_CASE("store and folder: flush alone brings in what changed, with and without a watch") {
    Pair pair;
    pair.options.auto_sync = GENERATE(true, false);
    pair.put("a", "one\n");
    pair.directory().start();
    pair.directory().flush();
    for (int i = 0; i < 20; ++i) {
        const std::string text = "edit " + std::to_string(i) + "\n";
        pair.write("note/a.md", text);
        pair.write("note/new/" + std::to_string(i) + ".md", text);
        pair.directory().flush();
        REQUIRE(pair.content("a") == text);
        REQUIRE(pair.content("new/" + std::to_string(i)) == text);
    }
}

TEST_CASE("store and folder: of thousands at once, each of its own kind, none is left out") {
    Pair pair;
    constexpr int kMany = 2600;  // Batches and a rest.
    const auto id = [](int i) { return "n" + std::to_string(10'000 + i); };
    const auto name = [&](int i) { return "note/" + id(i) + ".md"; };
    enum Kind { in_store, in_folder, in_both, in_conflict, kinds };
    const auto kind_of = [](int i) { return static_cast<Kind>(i / 7 % kinds); };
    int conflicts = 0;
    for (int i = 0; i < kMany; ++i) {
        const std::string text = "text of " + id(i) + "\n";
        if (kind_of(i) != in_folder) pair.put(id(i), text);
        if (kind_of(i) == in_folder || kind_of(i) == in_both) pair.write(name(i), text);
        if (kind_of(i) == in_conflict) pair.write(name(i), "another " + text);
        conflicts += kind_of(i) == in_conflict ? 1 : 0;
    }
    pair.directory().flush();
    int apart = 0;
    for (int i = 0; i < kMany; ++i) {
        const auto content = pair.content(id(i));
        const bool whole = content && (kind_of(i) == in_conflict || *content == "text of " + id(i) + "\n");
        apart += whole && content == pair.disk(name(i)) ? 0 : 1;
    }
    CHECK(apart == 0);
    CHECK(pair.store().conflicts().size() == static_cast<std::size_t>(conflicts));
    CHECK(pair.settled());
}

}  // namespace fluentsync::flow
