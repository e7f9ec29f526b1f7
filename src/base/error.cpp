#include "fluentsync/error.hpp"

namespace fluentsync {

const char* error_code_name(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::ok:
            return "ok";
        case ErrorCode::invalid_argument:
            return "invalid_argument";
        case ErrorCode::invalid_options:
            return "invalid_options";
        case ErrorCode::invalid_key:
            return "invalid_key";
        case ErrorCode::invalid_content:
            return "invalid_content";
        case ErrorCode::invalid_front_matter:
            return "invalid_front_matter";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::already_exists:
            return "already_exists";
        case ErrorCode::version_mismatch:
            return "version_mismatch";
        case ErrorCode::cannot_open:
            return "cannot_open";
        case ErrorCode::not_our_database:
            return "not_our_database";
        case ErrorCode::newer_database:
            return "newer_database";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::io:
            return "io";
        case ErrorCode::corrupt:
            return "corrupt";
        case ErrorCode::folder_owned:
            return "folder_owned";
        case ErrorCode::root_unverified:
            return "root_unverified";
        case ErrorCode::repository:
            return "repository";
        case ErrorCode::repository_busy:
            return "repository_busy";
        case ErrorCode::ref_moved:
            return "ref_moved";
        case ErrorCode::remote_unreachable:
            return "remote_unreachable";
        case ErrorCode::timed_out:
            return "timed_out";
        case ErrorCode::authentication:
            return "authentication";
        case ErrorCode::push_rejected:
            return "push_rejected";
        case ErrorCode::cancelled:
            return "cancelled";
        case ErrorCode::closed:
            return "closed";
        case ErrorCode::misuse:
            return "misuse";
        case ErrorCode::internal:
            return "internal";
        case ErrorCode::database_gone:
            return "database_gone";
    }
    return "unknown";
}

bool Error::retryable() const noexcept {
    switch (code_) {
        case ErrorCode::busy:
        case ErrorCode::io:  // No space, a flaky disk: both pass.
        case ErrorCode::folder_owned:
        case ErrorCode::root_unverified:  // The disk may be mounted again.
        case ErrorCode::repository_busy:
        case ErrorCode::ref_moved:
        case ErrorCode::remote_unreachable:
        case ErrorCode::timed_out:
        case ErrorCode::push_rejected:  // The usual reason is a push of somebody else.
            return true;
        default:
            return false;
    }
}

}  // namespace fluentsync
