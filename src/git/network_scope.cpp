#include "git/network_scope.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/tuning.hpp"

namespace fluentsync::git {

namespace {

thread_local NetworkScope* current_scope = nullptr;

}  // namespace

NetworkScope::NetworkScope(const Cancellation& cancellation, std::chrono::milliseconds timeout)
    : cancellation_(cancellation), timeout_(timeout), previous_(current_scope) {
    current_scope = this;
}

NetworkScope::~NetworkScope() {
    current_scope = previous_;
}

NetworkScope* NetworkScope::current() noexcept {
    return current_scope;
}

bool NetworkScope::given_up() noexcept {
    if (cancellation_.cancelled()) {
        give_up(NetworkFailure::cancelled);
    }
    return failure_ != NetworkFailure::none;
}

void NetworkScope::give_up(NetworkFailure failure) noexcept {
    if (failure_ == NetworkFailure::none) {
        failure_ = failure;
    }
}

void NetworkScope::came(std::uint64_t bytes) noexcept {
    if (bytes > may_come_) {
        give_up(NetworkFailure::too_much);
        return;
    }
    may_come_ -= bytes;
    came_lately_ += bytes;
    if (came_lately_ >= base::tuning::kSlowRemoteBytes) {
        came_lately_ = 0;
        waited_lately_ = {};
    }
}

void NetworkScope::waited(std::chrono::steady_clock::duration time) noexcept {
    waited_lately_ += time;
    if (timeout_.count() > 0 && waited_lately_ / base::tuning::kSlowRemoteWindows >= timeout_) {
        give_up(NetworkFailure::too_slow);
    }
}

bool NetworkScope::may_connect(const std::string& host, const std::string& port) {
    const std::string origin = host + ":" + port;
    if (origin_.empty()) {
        origin_ = origin;
    }
    return !keeps_to_origin_ || origin == origin_;
}

Deadline::Deadline(std::chrono::milliseconds after) : limited_(after.count() > 0) {
    if (limited_) {
        // A year is as good as for ever, and adding it overflows nothing.
        at_ = std::chrono::steady_clock::now() +
              std::min<std::chrono::milliseconds>(after, std::chrono::hours(24 * 365));
    }
}

bool Deadline::passed() const {
    return limited_ && std::chrono::steady_clock::now() >= at_;
}

int Deadline::poll_timeout() const {
    if (!limited_) {
        return -1;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

Deadline Deadline::share(std::size_t parts) const {
    if (!limited_ || parts <= 1) {
        return *this;
    }
    const auto now = std::chrono::steady_clock::now();
    Deadline result = *this;
    result.at_ = now + (at_ - now) / static_cast<std::int64_t>(parts);
    return result;
}

Readiness wait_ready(int descriptor, short events, const Deadline& deadline, NetworkScope* scope) {
    pollfd waits[2] = {{descriptor, events, 0}, {scope ? scope->cancel_descriptor() : -1, POLLIN, 0}};
    for (;;) {
        const int count = poll(waits, 2, deadline.poll_timeout());
        if (count < 0 && errno != EINTR) {
            return Readiness::failed;
        }
        if (scope && scope->given_up()) {
            return Readiness::cancelled;
        }
        // Errors and hang-ups count as ready: the next call on the socket says what they are.
        if (count > 0 && waits[0].revents != 0) {
            return Readiness::ready;
        }
        if (count <= 0 && deadline.passed()) {
            return Readiness::late;
        }
    }
}

}  // namespace fluentsync::git
