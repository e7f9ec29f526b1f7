/// One conversation with a remote: an anonymous libgit2 remote, its callbacks, and what went wrong.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "git/library.hpp"
#include "git/network_scope.hpp"
#include "git/remote.hpp"
#include "git/remote_credentials.hpp"

namespace fluentsync::git {

struct RemoteBranch {
    std::string name;  ///< Without refs/heads/.
    base::ObjectId tip;
};

/// What the server said about a pushed reference.
struct PushStatus {
    bool answered = false;
    std::optional<std::string> refusal;
    std::string server_words;  ///< What its hooks printed, on one line.
};

class RemoteSession {
  public:
    RemoteSession(Repository& repository, const RemoteAddress& address, const Cancellation& cancellation,
                  const TransferProgress& progress, git_direction direction);
    RemoteSession(const RemoteSession&) = delete;
    RemoteSession& operator=(const RemoteSession&) = delete;

    void connect();
    std::vector<RemoteBranch> branches();
    /// Empty when the remote does not say.
    std::string default_branch();
    void download(const std::string& branch, const std::string& tracking_ref);
    /// Smart transports only. The answer of the server for refs/heads/<branch>.
    PushStatus upload(const base::ObjectId& commit, const std::string& branch);
    /// Throws what `code` of a failed libgit2 call means here.
    void check(int code);
    void check_cancelled();
    /// For callbacks: negative stops libgit2's work.
    int go_on() noexcept { return scope_.given_up() ? GIT_EUSER : 0; }
    /// The same, with progress to tell.
    int report(std::int64_t done, std::int64_t total) noexcept;
    /// Gives up a download that has become too large.
    int count_received(std::uint64_t bytes) noexcept;
    /// The folder, when the remote is one of this machine.
    const std::optional<std::string>& folder() const { return folder_; }
    /// Fit for messages.
    const std::string& shown() const { return shown_; }
    std::string redacted(std::string_view text) const;

  private:
    [[noreturn]] void fail(int code);
    [[noreturn]] void fail_plain(int code, const std::string& reason);
    git_remote_callbacks callbacks();

    static int on_credentials(git_credential** out, const char* url, const char* username,
                              unsigned int allowed, void* payload);
    static int on_sideband(const char* text, int size, void* payload);
    static int on_transfer(const git_indexer_progress* stats, void* payload);
    static int on_pack(int stage, std::uint32_t current, std::uint32_t total, void* payload);
    static int on_push_transfer(unsigned int current, unsigned int total, std::size_t bytes, void* payload);
    static int on_negotiation(const git_push_update** updates, std::size_t count, void* payload);
    static int on_push_status(const char* ref, const char* status, void* payload);

    Repository& repository_;
    const Cancellation& cancellation_;
    const TransferProgress& progress_;
    const std::uint64_t max_fetch_bytes_;
    std::string shown_;
    RemoteCredentials credentials_;
    std::optional<std::string> folder_;
    RemotePtr remote_;
    bool connected_ = false;
    std::exception_ptr thrown_;
    PushStatus push_status_;
    std::string server_words_;
    std::string push_ref_;
    base::ObjectId push_commit_;
    git_direction direction_;
    // Declared last: closing the remote still obeys the scope, whose failure is sticky.
    NetworkScope scope_;
};

}  // namespace fluentsync::git
