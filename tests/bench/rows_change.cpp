// One change: an entity written to its commit, a file pulled to the store. What should follow the change.
#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "content.hpp"
#include "rows.hpp"
#include "running.hpp"

namespace fluentsync::bench {

namespace {

constexpr int kWritesPerRun = 6;
constexpr int kWarmUp = 5;
constexpr std::size_t kGrowthFrom = 10'000;
constexpr const char* kOneWrite = "one entity written to its commit";
/// A commit's index follows after 300 ms: a write that arrives then may have to wait for it.
constexpr std::chrono::milliseconds kIntoIndex{310};
constexpr std::chrono::seconds kRest{2};

/// Entities far apart, so that no two writes share a folder.
std::size_t pick(const Size& size, int number) {
    return (static_cast<std::size_t>(number) * 7919 + 13) % size.entities();
}

/// One file changed and committed by git, from the write to the end of the commit.
double commit_with_git(Size& size, const std::string& folder, int number, std::uint64_t revision) {
    const std::size_t entity = pick(size, number);
    const std::string content = make_entity(entity, revision).content;
    const std::string path = folder + "/" + size.paths()[entity];
    const auto start = Clock::now();
    write_text(path, content);
    run_git(folder, {"add", "-A"});
    run_git(folder, {"commit", "-q", "-m", "one change"});
    return milliseconds_since(start);
}

Row make_row(Size& size, const std::string& work, const std::string& peer) {
    Row row;
    row.work = work;
    row.entities = size.entities();
    row.peer_name = peer;
    return row;
}

Goal goal_at_goal_size(const Size& size, const Goal& goal) {
    return size.entities() == kGoalSize ? goal : Goal{};
}

void measure_spaced_writes(Size& size, Row& row, Running& running, int runs) {
    static int number = 0;
    static std::uint64_t revision = 1'000'000;
    for (int i = 0; i < kWarmUp; ++i) {
        running.write(pick(size, ++number));
    }
    running.wait_for_index();
    commit_with_git(size, size.peer(), ++number, ++revision);
    settle_disk();
    for (int run = 0; run < runs; ++run) {
        for (int i = 0; i < kWritesPerRun; ++i) {
            row.ours.push_back(running.write(pick(size, ++number)));
            running.wait_for_index();
        }
        row.peer.push_back(commit_with_git(size, size.peer(), ++number, ++revision));
    }
}

/// Writes after two seconds of rest, and the first after a start: nobody else is at work, and nothing is to
/// be waited for.
void measure_rested_writes(Size& size, Table& table, const Place& place, const Samples& peer, int runs) {
    Row rested = make_row(size, "the same, after two seconds of rest", "as above");
    Row started = make_row(size, "the same, right after a start", "as above");
    for (int run = 0; run < runs; ++run) {
        Running running(place);
        started.ours.push_back(running.write(pick(size, run * 11 + 2)));
        running.wait_for_index();
        std::this_thread::sleep_for(kRest);
        rested.ours.push_back(running.write(pick(size, run * 11 + 3)));
        running.wait_for_index();
    }
    started.peer = peer;
    rested.peer = peer;
    table.add(started);
    table.add(rested);
}

/// How writes fare that come one upon the other, and those that meet the index being written.
void measure_crowded_writes(Size& size, Table& table, Running& running, const Samples& peer, int runs) {
    Row together = make_row(size, "the same, one upon the other", "as above");
    Row meeting = make_row(size, "the same, arriving while the index follows", "as above");
    for (int i = 0; i < runs * kWritesPerRun; ++i) {
        together.ours.push_back(running.write(pick(size, i * 3)));
    }
    running.wait_for_index();
    for (int i = 0; i < 2 * runs; ++i) {
        running.write(pick(size, i * 5));
        std::this_thread::sleep_for(kIntoIndex);
        meeting.ours.push_back(running.write(pick(size, i * 5 + 1)));
        running.wait_for_index();
    }
    together.peer = peer;
    meeting.peer = peer;
    table.add(together);
    table.add(meeting);
}

}  // namespace

void measure_write(Size& size, Table& table, int runs) {
    Place place = size.ours();
    place.automatic = true;
    const std::string peer = "write, `git add -A`, `git commit`";
    Row relaxed = make_row(size, kOneWrite, peer);
    relaxed.goal = goal_at_goal_size(size, {"at least 50x faster", 1.0 / 50});
    {
        Running running(place);
        measure_spaced_writes(size, relaxed, running, runs);
        table.add(relaxed);
        measure_crowded_writes(size, table, running, relaxed.peer, runs);
    }
    measure_rested_writes(size, table, place, relaxed.peer, runs);
    place.durable = true;
    Row durable = make_row(size, "one entity written to its commit, all fsynced", peer);
    durable.goal = goal_at_goal_size(size, {"at least 10x faster", 1.0 / 10});
    Running running(place);
    measure_spaced_writes(size, durable, running, runs);
    table.add(durable);
}

void compare_growth(Table& table) {
    const Row* small = table.find(kOneWrite, kGrowthFrom);
    const Row* large = table.find(kOneWrite, kGoalSize);
    if (small == nullptr || large == nullptr) {
        return;
    }
    Row row;
    row.work = "growth of one write from 10,000";
    row.entities = kGoalSize;
    row.ours = large->ours;
    row.peer_name = "the same at 10,000";
    row.peer = small->ours;
    row.goal = {"at most 1.5x", 1.5};
    table.add(row);
}

void measure_pull(Size& size, Table& table, int runs) {
    const std::string bare = size.bare();
    const std::string author = size.area().fresh("author");
    const std::string peer = size.area().fresh("peer");
    run_program({"git", "clone", "-q", bare, author});
    run_program({"git", "clone", "-q", bare, peer});
    Place place = make_place(size.area(), "ours");
    place.remote = bare;
    run_child("sync", place, size.entities());
    place.automatic = true;
    Running running(place);

    int number = 0;
    std::uint64_t revision = 2'000'000;
    const auto push_one_change = [&] {
        commit_with_git(size, author, ++number, ++revision);
        run_git(author, {"push", "-q"});
    };
    const auto pull = [&] {
        const auto start = Clock::now();
        const PullResult pulled = running.workspace().git().pull();
        const double ms = milliseconds_since(start);
        const EntityDraft expected = make_entity(pick(size, number), revision);
        const auto arrived = running.workspace().store().get({expected.type, expected.id});
        if (pulled.files != 1 || !arrived || arrived->content != expected.content) {
            throw std::runtime_error("a pull did not bring the one file");
        }
        return ms;
    };
    push_one_change();
    pull();
    run_git(peer, {"pull", "-q"});
    settle_disk();
    Row row = make_row(size, "pull of one file to the store", "`git pull`");
    row.goal = goal_at_goal_size(size, {"at most 0.5x", 0.5});
    interleave(
        runs, row,
        [&] {
            push_one_change();
            return pull();
        },
        [&] {
            return run_git(peer, {"pull", "-q"}).ms;
        });
    table.add(row);
}

}  // namespace fluentsync::bench
