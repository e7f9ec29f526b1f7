// First export, first import and commit, restart, peak memory: each piece of work a process of its own.
#include <fmt/format.h>

#include <algorithm>

#include "rows.hpp"

namespace fluentsync::bench {

namespace {

constexpr double kMostMegabytes = 100;
constexpr const char* kToTheEnd = "the same to the end of the process";

Row make_row(Size& size, const std::string& work, const std::string& peer, const Goal& goal = {}) {
    Row row;
    row.work = work;
    row.entities = size.entities();
    row.peer_name = peer;
    row.goal = goal;
    return row;
}

}  // namespace

void measure_export(Size& size, Table& table, int runs) {
    const auto ours = [&](bool durable, Row& whole) {
        Place place = size.place_with_store();
        place.durable = durable;
        settle_disk();
        const ChildReport report = run_child("export", place, size.entities());
        whole.ours.push_back(report.process_ms);
        return report.done_ms;
    };
    const auto copy = [&](bool durable) {
        const std::string from = size.tree();
        const std::string to = size.area().fresh("peer");
        settle_disk();
        const double copied = run_program({"cp", "-r", from, to}).ms;
        return durable ? copied + run_program({"sync", "-f", to}).ms : copied;
    };
    Row relaxed = make_row(size, "first export", "`cp -r`", {"at most 1.2x", 1.2});
    Row durable = make_row(size, "first export, durable", "`cp -r`, `sync -f`");
    for (Row* row : {&relaxed, &durable}) {
        Row whole = make_row(size, kToTheEnd, row->peer_name);
        const bool synced = row == &durable;
        interleave(
            runs, *row, [&] { return ours(synced, whole); }, [&] { return copy(synced); });
        whole.peer = row->peer;
        table.add(*row);
        table.add(whole);
    }
}

void measure_import(Size& size, Table& table, int runs) {
    Row commit =
        make_row(size, "first import and commit", "`git add -A`, `git commit`", {"at most 0.6x", 0.6});
    Row whole = make_row(size, kToTheEnd, commit.peer_name);
    Row with_index = make_row(size, "the same with git's index brought up to date", commit.peer_name);
    const auto ours = [&](const char* operation) {
        const Place place = size.place_with_tree();
        settle_disk();
        return run_child(operation, place, size.entities());
    };
    interleave(
        runs, commit,
        [&] {
            with_index.ours.push_back(ours("sync").done_ms);
            const ChildReport report = ours("import");
            whole.ours.push_back(report.process_ms);
            return report.done_ms;
        },
        [&] {
            const std::string folder = size.copy_of_tree("peer");
            run_git(folder, {"init", "-q"});
            settle_disk();
            return run_git(folder, {"add", "-A"}).ms + run_git(folder, {"commit", "-q", "-m", "first"}).ms;
        });
    for (Row* row : {&whole, &with_index}) {
        row->peer = commit.peer;
    }
    table.add(commit);
    table.add(whole);
    table.add(with_index);
}

void measure_restart(Size& size, Table& table, int runs) {
    Place place = size.ours();
    place.automatic = true;
    const std::string peer = size.peer();
    Row ready = make_row(size, "restart, nothing changed", "`git status`", {"at most 1.2x", 1.2});
    Row whole = make_row(size, kToTheEnd, ready.peer_name);
    Row inner = make_row(size, "the same without the start of the process", ready.peer_name);
    run_child("restart", place, size.entities());
    run_git(peer, {"status", "--porcelain"});
    settle_disk();
    interleave(
        runs, ready,
        [&] {
            const ChildReport report = run_child("restart", place, size.entities());
            whole.ours.push_back(report.process_ms);
            inner.ours.push_back(report.inner_ms);
            return report.done_ms;
        },
        [&] {
            return run_git(peer, {"status", "--porcelain"}).ms;
        });
    for (Row* row : {&whole, &inner}) {
        row->peer = ready.peer;
    }
    table.add(ready);
    table.add(whole);
    table.add(inner);
}

void measure_memory(Size& size, Table& table, int) {
    const Goal goal =
        size.entities() == kGoalSize ? Goal{"at most 100 MB", std::nullopt, kMostMegabytes} : Goal{};
    const double cache_mb = static_cast<double>(StoreOptions().cache_kib) / 1024;
    const auto ours = [&](const char* operation, const Place& place) {
        return run_child(operation, place, size.entities()).peak_mb - cache_mb;
    };
    const auto peer = [](Arguments arguments) {
        arguments.insert(arguments.begin(), "peak");
        return std::stod(run_self(std::move(arguments)).output) / 1024;
    };
    const auto add = [&](const std::string& work, const char* operation, const Place& place,
                         const std::string& peer_name, double peer_mb) {
        Row row = make_row(size, "peak memory over the cache: " + work, peer_name, goal);
        row.unit = "MB";
        row.ours.push_back(ours(operation, place));
        row.peer.push_back(peer_mb);
        table.add(row);
    };
    const std::string folder = size.copy_of_tree("peer");
    run_git(folder, {"init", "-q"});
    const double added = peer({"git", "-C", folder, "add", "-A"});
    const double committed = peer({"git", "-C", folder, "commit", "-q", "-m", "first"});
    const double copied = peer({"cp", "-r", size.tree(), size.area().fresh("peer")});
    const double listed = peer({"git", "-C", size.peer(), "status", "--porcelain"});
    add("first import and commit", "import", size.place_with_tree(), "`git add`, `git commit`",
        std::max(added, committed));
    add("first import, commit and index", "sync", size.place_with_tree(), "`git add`, `git commit`",
        std::max(added, committed));
    add("first export", "export", size.place_with_store(), "`cp -r`", copied);
    add("restart", "restart", size.ours(), "`git status`", listed);
}

}  // namespace fluentsync::bench
