/// Runs scripts in worlds of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "script.hpp"

namespace simulation {

struct Outcome {
    std::string failure;  ///< Empty: every promise held.
    std::uint64_t trace = 0;
    std::int64_t performed = 0;
};

/// `tell` gets each line of the trace.
Outcome run_script(const Script& script, const std::function<void(const std::string&)>& tell = {});

/// Removes what this process left on the real disk.
void remove_places();

}  // namespace simulation
