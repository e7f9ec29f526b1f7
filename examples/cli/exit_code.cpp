#include "exit_code.hpp"

namespace cli {

const char* const kExitCodeHelp =
    "Exit codes: 0 done; 1 drift found, or not converged; 2 bad usage or options; 3 cannot open, read or\n"
    "write; 4 not found; 5 refused; 6 busy, or owned by another process; 7 the remote failed.\n"
    "A remote's user name and password are read from FLUENTSYNC_USERNAME and FLUENTSYNC_PASSWORD.";

ExitCode exit_code(fluentsync::ErrorCode code) {
    using fluentsync::ErrorCode;
    switch (code) {
        case ErrorCode::ok:
            return kOk;
        case ErrorCode::invalid_argument:
        case ErrorCode::invalid_options:
            return kUsage;
        case ErrorCode::not_found:
            return kNotFound;
        case ErrorCode::invalid_key:
        case ErrorCode::invalid_content:
        case ErrorCode::invalid_front_matter:
        case ErrorCode::too_large:
        case ErrorCode::already_exists:
        case ErrorCode::version_mismatch:
        case ErrorCode::push_rejected:
            return kRefused;
        case ErrorCode::busy:
        case ErrorCode::folder_owned:
        case ErrorCode::repository_busy:
        case ErrorCode::ref_moved:
            return kBusy;
        case ErrorCode::remote_unreachable:
        case ErrorCode::timed_out:
        case ErrorCode::authentication:
            return kRemote;
        default:
            return kEnvironment;
    }
}

}  // namespace cli
