/// What the sockets of this thread obey while a fetch or push runs: a time limit and a cancellation.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "git/remote.hpp"

namespace fluentsync::git {

enum class NetworkFailure { none, cancelled, timed_out, too_slow, too_much };

/// Installed for the current thread for its own life. A failure is sticky: once given up, every further
/// read, write or connection of this thread fails at once, so that no farewell to a dead server waits again.
class NetworkScope {
  public:
    /// A timeout of zero or less means none.
    NetworkScope(const Cancellation& cancellation, std::chrono::milliseconds timeout);
    NetworkScope(const NetworkScope&) = delete;
    NetworkScope& operator=(const NetworkScope&) = delete;
    ~NetworkScope();

    /// Null on threads that are not inside fetch() or push(): there sockets behave as libgit2's own do.
    static NetworkScope* current() noexcept;

    NetworkFailure failure() const noexcept { return failure_; }
    /// Whether the work is given up; notices a cancellation.
    bool given_up() noexcept;
    void give_up(NetworkFailure failure) noexcept;
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }
    /// From now on so many bytes may come; one more is too_much.
    void allow(std::uint64_t bytes) noexcept { may_come_ = bytes; }
    std::uint64_t may_come() const noexcept { return may_come_; }
    /// What came, and how long it was waited for. A server that says a word now and then, so that it is never
    /// silent, is too_slow once kSlowRemoteWindows timeouts of waiting brought less than kSlowRemoteBytes.
    void came(std::uint64_t bytes) noexcept;
    void waited(std::chrono::steady_clock::duration time) noexcept;
    /// From now on a stream connects with its first read or write, whose failure libgit2 always cleans up
    /// after.
    void connect_late() noexcept { connects_late_ = true; }
    bool connects_late() const noexcept { return connects_late_; }
    /// From now on streams connect to the first one's host and port alone: libgit2 takes credentials along
    /// wherever a server of the same host sends it.
    void keep_to_first_origin() noexcept { keeps_to_origin_ = true; }
    bool may_connect(const std::string& host, const std::string& port);
    int cancel_descriptor() const noexcept { return cancellation_.descriptor(); }

  private:
    const Cancellation& cancellation_;
    std::chrono::milliseconds timeout_;
    NetworkFailure failure_ = NetworkFailure::none;
    bool connects_late_ = false;
    std::uint64_t may_come_ = UINT64_MAX;
    std::uint64_t came_lately_ = 0;
    std::chrono::steady_clock::duration waited_lately_{0};
    bool keeps_to_origin_ = false;
    std::string origin_;
    NetworkScope* previous_;
};

/// A moment after which waiting ends, or never.
class Deadline {
  public:
    /// `after` of zero or less: never.
    explicit Deadline(std::chrono::milliseconds after);
    bool passed() const;
    /// For poll(): -1 when there is no limit.
    int poll_timeout() const;
    /// The nearer one of this deadline and an equal share of what is left of it.
    Deadline share(std::size_t parts) const;

  private:
    bool limited_;
    std::chrono::steady_clock::time_point at_{};
};

enum class Readiness { ready, late, cancelled, failed };

/// Waits until `descriptor` is ready for `events` (of poll()), the deadline passes, or the scope (may be
/// null) is cancelled.
Readiness wait_ready(int descriptor, short events, const Deadline& deadline, NetworkScope* scope);

}  // namespace fluentsync::git
