/// What one simulated machine has beside its process: disk, clock, faults, a remote within reach. It outlives
/// crashes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "memory_disk.hpp"
#include "scheduler.hpp"

namespace simulation {

struct Machine {
    Machine(int machine_number, const std::string& place, VirtualClock& clock)
        : number(machine_number), folder(place + "/brain"), database(place + "/store.db"), disk(clock) {}

    const int number;
    const std::string folder;  ///< Of the real disk; holds .git and nothing else of the tree.
    const std::string database;
    MemoryDisk disk;
    bool dead = false;         ///< The process was killed: nothing it still does has an effect.
    bool gone = false;         ///< And nothing of it is on the stack any more.
    bool claimed = false;      ///< A process has taken the folder.
    bool offline = false;      ///< The remote cannot be reached.
    int lost_replies = 0;      ///< So many pushes arrive whose acknowledgement does not.
    std::int64_t commits = 0;  ///< Of the database.
    /// Told of each file that the engine puts where people see it.
    std::function<void(const std::string& path, const std::string& bytes)> placed;
    bool failed = false;          ///< One did, in the piece of work under way.
    std::optional<int> fail_at;   ///< The port's call that fails, counted down ...
    int fails = 1;                ///< ... and so many from it on.
    std::optional<int> crash_at;  ///< Where the process is killed, counted down.
    bool interrupted = false;     ///< Another of its actors has run in the middle of a piece of work.
    std::string held_loop;        ///< What was done on the loop's thread, which never waits for a disk.
    std::string trespass;         ///< What was to be written into a folder whose file system is away.
};

/// The machine whose folder has this path. Throws std::logic_error.
Machine& machine_at(const std::string& folder);
/// All machines of the world that runs; empty to end it.
void set_machines(std::vector<Machine*> machines);
/// Their databases' commits become points to die at.
void watch_databases(std::vector<Machine*> machines);
/// The claim of a process that ends.
void release_claim(int machine);

/// Whether the process is killed here: what is not done yet is never done.
bool dies_here(Machine& machine);
/// Notes work that has no place on the loop's thread.
void keep_off_loop(Machine& machine, const char* what);
/// A point at which `machine` may be interrupted or killed. Throws Crash.
void pass_point(Machine& machine, const char* what);

}  // namespace simulation
