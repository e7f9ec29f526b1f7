/// Fetch and push with time limits and cancellation.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/object_id.hpp"
#include "fluentsync/options.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

/// Cancels network work from any thread: the call returns with Error(cancelled) within a few milliseconds.
class Cancellation {
  public:
    Cancellation();
    Cancellation(const Cancellation&) = delete;
    Cancellation& operator=(const Cancellation&) = delete;
    ~Cancellation();
    void cancel() noexcept;
    bool cancelled() const noexcept;
    /// Readable once cancelled (an eventfd).
    int descriptor() const noexcept { return descriptor_; }

  private:
    std::atomic<bool> cancelled_{false};
    int descriptor_ = -1;
};

struct RemoteAddress {
    std::string url;  ///< May carry user info; it is never stored or shown.
    CredentialsCallback credentials;
    std::chrono::milliseconds timeout{30000};  ///< Longest silence; also the longest wait for a connection.
    std::int64_t max_fetch_bytes = std::int64_t{4} << 30;  ///< A download beyond it is given up.
};

/// done and total objects; total 0 when unknown.
using TransferProgress = std::function<void(std::int64_t done, std::int64_t total)>;

struct FetchResult {
    std::optional<base::ObjectId> tip;  ///< Nothing: the remote has no such branch.
    std::string default_branch;  ///< What the remote's HEAD names; empty when unknown or the remote is empty.
    bool empty = false;          ///< The remote has no branch at all.
};

/// What a remote sends is not what git would keep: the remote is damaged, or hostile; nothing here is. Its
/// code is `repository`.
class RefusedPack : public Error {
  public:
    RefusedPack(const std::string& what, const std::string& remote)
        : Error(ErrorCode::repository, what, remote) {}
};

/// Asks the remote for its branches and fetches `branch` (empty: the remote's default one) into
/// refs/remotes/<remote_name>/<branch>, which follows the remote whatever it did, also when the branch is
/// gone. Writes neither FETCH_HEAD nor configuration. Tags are not fetched. What comes is judged apart, as
/// judge_pack() says, and gets among the objects only when it is sound. Throws RefusedPack,
/// remote_unreachable, timed_out, authentication, cancelled, repository; messages name the redacted URL.
/// `durable`: what was fetched is on disk before the tracking reference names it.
FetchResult fetch(Repository& repository, const RemoteAddress& address, const std::string& remote_name,
                  const std::string& branch, const Cancellation& cancellation,
                  const TransferProgress& progress, bool durable = true);

/// Brings everything that the remote's `branch` has into the objects of the repository in `folder`, whatever
/// is there. Moves no reference. Throws as fetch() does.
void fetch_anew(const std::string& folder, const RemoteAddress& address, const std::string& branch,
                const Cancellation& cancellation, const TransferProgress& progress);

struct PushReply {
    enum class Outcome { accepted, not_fast_forward, refused } outcome = Outcome::refused;
    std::string message;  ///< The server's words when refused.
};

/// Pushes `commit` to refs/heads/<branch>, never forced. accepted means the server acknowledged this very
/// reference; then refs/remotes/<remote_name>/<branch> is moved along. Throws as fetch() does. `durable`: a
/// remote that is a folder here has the objects on disk before its branch names them; others see to it
/// themselves.
PushReply push(Repository& repository, const RemoteAddress& address, const std::string& remote_name,
               const std::string& branch, const base::ObjectId& commit, const Cancellation& cancellation,
               const TransferProgress& progress, bool durable = true);

}  // namespace fluentsync::git
