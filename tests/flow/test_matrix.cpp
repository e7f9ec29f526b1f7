// Every cell of the reconcile matrix, under every policy, on a real folder.
#include <catch2/catch.hpp>

#include "pair.hpp"

namespace fluentsync::flow {

namespace {

using Text = std::optional<std::string>;

const std::string kBase = "one\ntwo\nthree\nfour\nfive\n";
const std::string kStore = "ONE\ntwo\nthree\nfour\nfive\n";
const std::string kFile = "one\ntwo\nthree\nfour\nFIVE\n";
const std::string kBoth = "ONE\ntwo\nthree\nfour\nFIVE\n";
const std::string kClash = "Uno\ntwo\nthree\nfour\nfive\n";
const std::string kInvalid = "not \xff UTF-8\n";

enum class Outcome { untouched, store_wins, file_wins, gone, held, merged, contest };

struct Cell {
    std::string name;
    Text base;
    Text store;
    Text file;
    Outcome outcome;
    int file_age = 0;  ///< Hours; negative: the file is the newer one.
};

const std::vector<Cell> kCells = {
    {"same same", kBase, kBase, kBase, Outcome::untouched},
    {"same changed", kBase, kBase, kFile, Outcome::file_wins},
    {"same deleted", kBase, kBase, {}, Outcome::gone},
    {"same invalid", kBase, kBase, kInvalid, Outcome::held},
    {"changed same", kBase, kStore, kBase, Outcome::store_wins},
    {"changed equal", kBase, kStore, kStore, Outcome::store_wins},
    {"changed apart", kBase, kStore, kFile, Outcome::merged, -1},
    {"changed clashing, file newer", kBase, kStore, kClash, Outcome::contest, -1},
    {"changed clashing, file older", kBase, kStore, kClash, Outcome::contest, 1},
    {"changed deleted", kBase, kStore, {}, Outcome::store_wins},
    {"changed invalid", kBase, kStore, kInvalid, Outcome::held},
    {"deleted same", kBase, {}, kBase, Outcome::gone},
    {"deleted changed", kBase, {}, kFile, Outcome::file_wins},
    {"deleted deleted", kBase, {}, {}, Outcome::gone},
    {"deleted invalid", kBase, {}, kInvalid, Outcome::held},
    {"no base, store", {}, kStore, {}, Outcome::store_wins},
    {"no base, file", {}, {}, kFile, Outcome::file_wins},
    {"no base, equal", {}, kStore, kStore, Outcome::store_wins},
    {"no base, differing, file newer", {}, kStore, kFile, Outcome::contest, -1},
    {"no base, differing, file older", {}, kStore, kFile, Outcome::contest, 1},
    {"no base, invalid", {}, {}, kInvalid, Outcome::held},
    {"no base, store, invalid", {}, kStore, kInvalid, Outcome::held},
};

std::string path_of(const Cell& cell) {
    return "note/" + cell.name + ".md";
}

std::string hash_of(Pair& pair, const std::string& content) {
    EntityStore store({pair.base.path() + "/scratch.db"});
    store.put({"x", "x", content});
    return store.get({"x", "x"})->hash;
}

bool file_wins(Pair& pair, const Cell& cell) {
    switch (pair.options.conflict_policy) {
        case ConflictPolicy::prefer_store:
            return false;
        case ConflictPolicy::prefer_file:
            return true;
        case ConflictPolicy::newest:
            return cell.file_age < 0;
        case ConflictPolicy::merge:
            break;
    }
    return hash_of(pair, *cell.file) > hash_of(pair, *cell.store);
}

std::optional<Conflict> conflict_at(Pair& pair, const std::string& path) {
    std::optional<Conflict> found;
    for (Conflict& one : pair.store().conflicts()) {
        if (one.path != path) continue;
        REQUIRE_FALSE(found);
        found = std::move(one);
    }
    return found;
}

void check_both(Pair& pair, const Cell& cell, const Text& content) {
    CHECK(pair.content(cell.name) == content);
    CHECK(pair.disk(path_of(cell)) == content);
    CHECK_FALSE(pair.held(path_of(cell)));
}

void check_contest(Pair& pair, const Cell& cell) {
    const bool theirs = file_wins(pair, cell);
    const std::string& winner = theirs ? *cell.file : *cell.store;
    const std::string& loser = theirs ? *cell.store : *cell.file;
    check_both(pair, cell, winner);
    const auto record = conflict_at(pair, path_of(cell));
    REQUIRE(record);
    CHECK(record->winner_content == winner);
    CHECK(record->loser_content == loser);
    CHECK(record->winner_side == (theirs ? "file" : "store"));
    CHECK(record->loser_side == (theirs ? "store" : "file"));
    CHECK(record->base_hash == (cell.base ? hash_of(pair, *cell.base) : ""));
    CHECK_FALSE(record->resolved);
}

void check_cell(Pair& pair, const Cell& cell) {
    INFO(cell.name);
    const bool merges = pair.options.conflict_policy == ConflictPolicy::merge;
    const bool contest = cell.outcome == Outcome::contest || (cell.outcome == Outcome::merged && !merges);
    const auto detected = [&](const Event& event) {
        return event.kind == EventKind::conflict_detected && event.path == path_of(cell);
    };
    CHECK(pair.log.count(detected) == (contest ? 1 : 0));
    if (contest) {
        check_contest(pair, cell);
        return;
    }
    CHECK_FALSE(conflict_at(pair, path_of(cell)));
    switch (cell.outcome) {
        case Outcome::untouched:
            check_both(pair, cell, cell.base);
            break;
        case Outcome::store_wins:
            check_both(pair, cell, cell.store);
            break;
        case Outcome::file_wins:
            check_both(pair, cell, cell.file);
            break;
        case Outcome::gone:
            check_both(pair, cell, {});
            break;
        case Outcome::merged:
            check_both(pair, cell, kBoth);
            break;
        case Outcome::held:
            CHECK(pair.content(cell.name) == cell.store);
            CHECK(pair.disk(path_of(cell)) == cell.file);
            CHECK(pair.held(path_of(cell)));
            break;
        case Outcome::contest:
            break;
    }
}

void set_up(Pair& pair) {
    pair.put_company();
    for (const Cell& cell : kCells) {
        if (cell.base) pair.put(cell.name, *cell.base);
    }
    pair.directory().export_all();
    for (const Cell& cell : kCells) {
        if (cell.store) {
            pair.put(cell.name, *cell.store);
        } else if (cell.base) {
            REQUIRE(pair.store().remove({"note", cell.name}));
        }
        if (cell.file == cell.base) continue;
        if (!cell.file) {
            pair.remove(path_of(cell));
            continue;
        }
        pair.write(path_of(cell), *cell.file);
        set_age(pair.file(path_of(cell)), std::chrono::hours(cell.file_age));
    }
}

}  // namespace

TEST_CASE("matrix: every cell under every policy ends as the design says, and stays so") {
    Pair pair;
    pair.options.conflict_policy = GENERATE(ConflictPolicy::merge, ConflictPolicy::prefer_store,
                                            ConflictPolicy::prefer_file, ConflictPolicy::newest);
    CAPTURE(static_cast<int>(pair.options.conflict_policy));
    set_up(pair);
    // By the folder's side first, or by the store's: the outcome is the same.
    if (GENERATE(true, false)) {
        pair.directory().import_all();
    } else {
        pair.directory().export_all();
        pair.directory().import_all();
    }
    pair.fence();
    for (const Cell& cell : kCells)
        check_cell(pair, cell);
    CHECK(pair.directory().status().held_deletions == 0);
    CHECK(pair.settled());
    CHECK(pair.directory().status().pending_exports == 0);
    pair.reopen();
    CHECK(pair.settled());
}

}  // namespace fluentsync::flow
