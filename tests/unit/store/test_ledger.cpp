#include <catch2/catch.hpp>

#include "store/ledger.hpp"
#include "store/records.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using namespace fluentsync::store;

namespace {

const base::ObjectId kOne = base::hash_blob("one");
const base::ObjectId kTwo = base::hash_blob("two");
using Paths = std::vector<std::string>;

LedgerRow row(const std::string& path, std::optional<base::ObjectId> base,
              std::optional<base::ObjectId> committed) {
    LedgerRow row;
    row.path = path;
    row.base = base;
    row.committed = committed;
    row.signature = {7, 123456789012345678, 5, 0xFFFFFFFFFFFFFFF0u};
    return row;
}

Paths paths_of(const std::vector<LedgerRow>& rows) {
    Paths paths;
    for (const auto& found : rows)
        paths.push_back(found.path);
    return paths;
}

void in_ledger(const std::function<void(Connection&)>& work) {
    TempFolder folder;
    Database database(options_for(folder / "store.db"));
    database.write(Durability::relaxed, work);
}

}  // namespace

TEST_CASE("a ledger row comes back as it was saved") {
    in_ledger([](Connection& c) {
        LedgerRow saved = row("note/a.md", kOne, std::nullopt);
        saved.entity = false;
        saved.executable = true;
        save_row(c, saved);
        const auto found = find_row(c, "note/a.md");
        REQUIRE(found);
        CHECK(!found->entity);
        CHECK(found->executable);
        CHECK(found->base == kOne);
        CHECK(!found->committed);
        CHECK(found->signature == saved.signature);
        CHECK(!find_row(c, "note/b.md"));
        erase_row(c, "note/a.md");
        CHECK(!find_row(c, "note/a.md"));
    });
}

TEST_CASE("a row that says nothing is no row") {
    in_ledger([](Connection& c) {
        save_row(c, row("a", kOne, kOne));
        save_row(c, row("a", std::nullopt, kOne));
        CHECK(find_row(c, "a"));
        set_committed(c, row("a", std::nullopt, kOne));
        CHECK(!find_row(c, "a"));
        save_row(c, row("a", kOne, std::nullopt));
        save_row(c, row("a", std::nullopt, std::nullopt));
        CHECK(!find_row(c, "a"));
    });
}

TEST_CASE("saving the same row again writes nothing") {
    in_ledger([](Connection& c) {
        save_row(c, row("a", kOne, kTwo));
        save_row(c, row("b", kOne, kOne));
        const auto changes = c.raw().getTotalChanges();
        save_row(c, row("a", kOne, kTwo));
        set_committed(c, row("b", kOne, kOne));
        CHECK(c.raw().getTotalChanges() == changes);
    });
}

TEST_CASE("uncommitted rows are those whose base HEAD has not, without the held") {
    in_ledger([](Connection& c) {
        save_row(c, row("same", kOne, kOne));
        save_row(c, row("new", kOne, std::nullopt));
        save_row(c, row("changed", kOne, kTwo));
        save_row(c, row("deleted", std::nullopt, kTwo));
        save_row(c, row("held", kOne, kTwo));
        save_hold(c, {"held", ErrorCode::invalid_content, "why", 1});
        CHECK(paths_of(uncommitted_rows(c, "", 10)) == Paths{"changed", "deleted", "new"});
        CHECK(paths_of(uncommitted_rows(c, "changed", 1)) == Paths{"deleted"});
        CHECK(count_uncommitted(c) == 3);
        set_committed(c, row("new", kOne, std::nullopt));
        CHECK(count_uncommitted(c) == 2);
        clear_hold(c, "held");
        CHECK(count_uncommitted(c) == 3);
    });
}

TEST_CASE("what git has with other line ends counts as committed") {
    in_ledger([](Connection& c) {
        LedgerRow text = row("text", kOne, kTwo);
        save_row(c, text);
        CHECK(count_uncommitted(c) == 1);
        text.git_form = kTwo;
        CHECK(text.here() == kOne);
        CHECK(text.for_git() == kTwo);
        set_committed(c, text);
        CHECK(count_uncommitted(c) == 0);
        CHECK(find_row(c, "text")->git_form == kTwo);
        CHECK(find_row(c, "text")->base == kOne);
        text.base = std::nullopt;  // The file has gone.
        text.committed = kTwo;
        CHECK_FALSE(text.for_git());
        save_row(c, text);
        CHECK(count_uncommitted(c) == 1);
        CHECK_FALSE(find_row(c, "text")->git_form);
    });
}

TEST_CASE("rows with a base are walked in byte order, folders by their own slash") {
    in_ledger([](Connection& c) {
        for (const char* path :
             {"note/b.md", "note/a/x.md", "note.md", "note0/x.md", "note/gone.md", "n/\xC3\xA9.md"})
            save_row(c, row(path, kOne, kOne));
        save_row(c, row("note/gone.md", std::nullopt, kOne));
        LedgerRow plain = row("README", kOne, kOne);
        plain.entity = false;
        save_row(c, plain);
        Paths walked;
        for_each_row(c, [&](const LedgerRow& found) { walked.push_back(found.path); });
        Paths sorted = walked;
        std::sort(sorted.begin(), sorted.end());
        CHECK(walked == sorted);
        CHECK(walked.size() == 6);
        CHECK(paths_below(c, "note") == Paths{"note/a/x.md", "note/b.md"});
        CHECK(paths_below(c, "note/a") == Paths{"note/a/x.md"});
        CHECK(paths_below(c, "").size() == 6);
        CHECK(count_rows(c, false) == 6);
        CHECK(count_rows(c, true) == 5);
        clear_ledger(c);
        CHECK(count_rows(c, false) == 0);
        CHECK(!find_row(c, "note/gone.md"));
    });
}

TEST_CASE("a statement that is being read cannot be had twice") {
    in_ledger([](Connection& c) {
        save_row(c, row("a", kOne, kOne));
        const auto nested = [&] {
            for_each_row(c, [&](const LedgerRow&) { for_each_row(c, [](const LedgerRow&) {}); });
        };
        CHECK(code_of(nested) == ErrorCode::internal);
        // Usable again afterwards.
        std::size_t count = 0;
        for_each_row(c, [&](const LedgerRow&) { ++count; });
        CHECK(count == 1);
    });
}
