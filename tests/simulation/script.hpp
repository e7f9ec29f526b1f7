/// A run as text: how the world is set up, and one step a line. Nothing else decides what happens.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace simulation {

/// A step means the same wherever it stands: its numbers are taken modulo what there is at that moment. So
/// steps can be left out and the rest still is a script.
struct Step {
    /// Performed not now, but at the `after`-th point at which a thread of `during` can be interrupted.
    std::optional<int> during;
    int after = 0;
    std::string verb;
    int replica = 0;
    std::uint64_t a = 0;
    std::uint64_t b = 0;

    bool operator==(const Step&) const = default;
};

struct Setup {
    int replicas = 1;
    bool git = true;
    bool automatic = true;  ///< Both directions by themselves; commits, pulls and pushes too.
    bool sharded = false;
    int file_policy = 0;    ///< ConflictPolicy
    int remote_policy = 0;  ///< RemoteConflictPolicy
    int debounce_ms = 1000;
    int commit_debounce_ms = 5000;  ///< No script says another.
    std::uint64_t seed = 0;         ///< For the title only.

    bool operator==(const Setup&) const = default;
};

struct Script {
    Setup setup;
    std::vector<Step> steps;
};

struct GenerateOptions {
    int steps = 200;
    int replicas = 0;  ///< 0: one to three, as the seed says.
};

Script generate(std::uint64_t seed, const GenerateOptions& options);
std::string to_text(const Step& step);
std::string to_text(const Script& script);
/// Throws std::runtime_error naming the line.
Script parse_script(std::istream& in);

}  // namespace simulation
