/// Makes a script that fails small enough to be read.
#pragma once

#include <functional>
#include <string>

#include "script.hpp"

namespace simulation {

/// Runs a script in a world of its own; the promise that broke, or empty.
using Attempt = std::function<std::string(const Script&)>;

/// The smallest script found that breaks the same promise as `failure`. `tries` bounds the runs.
Script shrink(const Script& script, const std::string& failure, const Attempt& attempt, int tries = 2000);

}  // namespace simulation
