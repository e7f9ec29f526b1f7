/// From the words of the command line to the command.
#pragma once

#include <string>
#include <vector>

namespace cli {

/// Runs the command that the words (without the program's name) ask for; returns the exit code. Throws
/// fluentsync::Error.
int run_words(std::vector<std::string> words);

}  // namespace cli
