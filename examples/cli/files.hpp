/// Whole files in and out.
#pragma once

#include <string>

namespace cli {

/// "-" is standard input. Throws Error(cannot_open, io), and too_large before memory is.
std::string read_file(const std::string& path);

/// Writes a new file beside nothing of interest, in the folder `temporary_folder` (made if missing, on the
/// same file system), and moves it to `path`: readers see the old or the new content. Throws Error(io).
void replace_file(const std::string& path, const std::string& content, const std::string& temporary_folder);

}  // namespace cli
