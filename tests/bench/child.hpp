/// The hidden subcommand: pieces of work as processes of their own, so that start-up and peak memory count.
#pragma once

namespace fluentsync::bench {

/// `child OPERATION OPTIONS-JSON N` or `child peak PROGRAM ARGUMENTS...`. Prints one line of JSON; returns
/// the exit code.
int run_as_child(int count, char** arguments);

}  // namespace fluentsync::bench
