/// What a failed call of libgit2 means for a fetch or push.
#include <string>

#include "base/text.hpp"
#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "git/remote_session.hpp"

namespace fluentsync::git {

namespace {

std::string seconds(std::chrono::milliseconds duration) {
    const auto count = duration.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

bool about_the_wire(int error_class) {
    return error_class == GIT_ERROR_NET || error_class == GIT_ERROR_HTTP || error_class == GIT_ERROR_SSL ||
           error_class == GIT_ERROR_SSH;
}

bool refused_by_status(const std::string& reason) {
    return reason.find("status code: 401") != std::string::npos ||
           reason.find("status code: 403") != std::string::npos;
}

}  // namespace

std::string RemoteSession::redacted(std::string_view text) const {
    return base::printable(credentials_.redacted(text), 400);
}

void RemoteSession::check_cancelled() {
    if (cancellation_.cancelled()) {
        throw Error(ErrorCode::cancelled, "work with remote " + shown_ + " was cancelled", shown_);
    }
}

void RemoteSession::check(int code) {
    if (code < 0) {
        fail(code);
    }
}

void RemoteSession::fail(int code) {
    const git_error* const last = git_error_last();
    std::string reason = last ? redacted(last->message) : "no reason given";
    if (thrown_) {
        std::rethrow_exception(thrown_);
    }
    check_cancelled();
    if (scope_.failure() == NetworkFailure::timed_out) {
        throw Error(ErrorCode::timed_out,
                    "remote " + shown_ + " did not answer for " + seconds(scope_.timeout()) +
                        ": check the network, or allow a longer git.network_timeout",
                    shown_);
    }
    if (scope_.failure() == NetworkFailure::too_slow) {
        throw Error(ErrorCode::timed_out,
                    "remote " + shown_ + " says hardly a word (less than " +
                        std::to_string(base::tuning::kSlowRemoteBytes) + " bytes in " +
                        seconds(base::tuning::kSlowRemoteWindows * scope_.timeout()) +
                        "): check the network, or allow a longer git.network_timeout",
                    shown_);
    }
    if (scope_.failure() == NetworkFailure::too_much) {
        throw Error(ErrorCode::too_large,
                    "remote " + shown_ + " sends more than it may (" + std::to_string(max_fetch_bytes_) +
                        " bytes of content, " + std::to_string(base::tuning::kMostAdvertisement) +
                        " of all else): is it the right one? If so, raise git.max_fetch_bytes",
                    shown_);
    }
    if (credentials_.exhausted() || code == GIT_EAUTH) {
        throw Error(ErrorCode::authentication, "remote " + shown_ + " " + credentials_.advice(), shown_);
    }
    if (refused_by_status(reason)) {
        throw Error(
            ErrorCode::authentication,
            "remote " + shown_ + " refuses access (" + reason + "): check the rights of the credentials",
            shown_);
    }
    fail_plain(code, reason);
}

void RemoteSession::fail_plain(int code, const std::string& reason) {
    const git_error* const last = git_error_last();
    const int error_class = last ? last->klass : GIT_ERROR_NONE;
    require_descriptor();
    if (code == GIT_ECERTIFICATE) {
        throw Error(ErrorCode::remote_unreachable, "remote " + shown_ + " is not trusted: " + reason, shown_);
    }
    if (!connected_ || about_the_wire(error_class)) {
        throw Error(ErrorCode::remote_unreachable, "cannot reach remote " + shown_ + ": " + reason, shown_);
    }
    const ErrorCode kind = error_class == GIT_ERROR_OS ? ErrorCode::io : ErrorCode::repository;
    throw Error(kind, "work with remote " + shown_ + " failed: " + reason, repository_.folder());
}

}  // namespace fluentsync::git
