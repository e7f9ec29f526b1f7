/// The exit codes that scripts rely on.
#pragma once

#include <fluentsync/error.hpp>

namespace cli {

enum ExitCode : int {
    kOk = 0,
    kDrift = 1,        ///< verify found a drift, or sync did not converge.
    kUsage = 2,        ///< Bad words on the command line, or bad options in config.json.
    kEnvironment = 3,  ///< Something cannot be opened, read or written, or is damaged.
    kNotFound = 4,
    kRefused = 5,  ///< The content, key or version was not taken, or the server refused a push.
    kBusy = 6,     ///< Another process owns the folder or holds the database.
    kRemote = 7,   ///< The remote is unreachable, too slow, or wants other credentials.
};

ExitCode exit_code(fluentsync::ErrorCode code);

/// The table above for --help.
extern const char* const kExitCodeHelp;

}  // namespace cli
