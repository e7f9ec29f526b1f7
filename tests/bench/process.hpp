/// Other programs, measured from the spawn to the end.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace fluentsync::bench {

using Arguments = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start);

struct Run {
    Clock::time_point start;  ///< Just before the spawn.
    double ms = 0;
    long peak_kib = 0;  ///< The largest resident set of the process.
    std::string output;
};

/// Runs a program to its end; throws, with what it said, unless it succeeded. git in it reads no
/// configuration of this machine and starts no maintenance.
Run run_program(const Arguments& arguments);
/// git in `folder`.
Run run_git(const std::string& folder, Arguments arguments);
/// This program again, with the hidden subcommand.
Run run_self(Arguments arguments);

}  // namespace fluentsync::bench
