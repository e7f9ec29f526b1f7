/// A repository behind RAII: what the sync floor asks of libgit2. One instance is used by one thread at a
/// time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.hpp"

struct git_repository;

namespace fluentsync::git {

class SharedModes;

/// What a branch's name begins with as a reference.
inline constexpr std::string_view kHeads = "refs/heads/";

struct Identity {
    std::string name;
    std::string email;
};

/// Of a commit. git asks for each by itself.
enum class Role { author, committer };

struct CommitInfo {
    base::ObjectId tree;
    std::vector<base::ObjectId> parents;
    std::int64_t time_ms = 0;
    std::string message;
};

/// What HEAD says.
struct Head {
    bool detached = false;
    std::string branch;  ///< Short name; also of a branch not born yet. Empty when detached.
    std::optional<base::ObjectId> commit;  ///< Nothing before the first commit.
};

/// libgit2's failures leave as Error: repository, corrupt, io, repository_busy (a lock is held), ref_moved;
/// one line, redacted. libgit2 is initialised by the first instance and held until the process ends. Hooks
/// are never run (libgit2 runs none), and nothing here reads or writes the work tree.
class Repository {
  public:
    /// Opens the repository whose work tree is exactly `folder` (no search upwards). Throws Error(repository)
    /// when there is none.
    static Repository open(const std::string& folder);
    /// Makes one whose HEAD names `branch`.
    static Repository init(const std::string& folder, const std::string& branch);
    static bool exists(const std::string& folder);
    /// False once packs have come or gone on the disk since it was opened, or another repository is there: it
    /// would go on taking what an earlier pack had for there. Also where a file of the configuration has
    /// changed that libgit2 does not look after by itself.
    bool is_current() const;
    /// The same repository, as it is on the disk now.
    void open_again();
    /// `asks` says true from when on long readings (of trees, of history) shall end by Error(cancelled). It
    /// is asked on the thread that reads, often.
    void stop_when(std::function<bool()> asks);
    void stop_if_asked() const;
    Repository(Repository&&) noexcept;
    Repository& operator=(Repository&&) noexcept;
    ~Repository();

    Head head() const;
    /// Points HEAD at another branch; only before the first commit.
    void set_unborn_branch(const std::string& branch);
    /// Empty, or what a person is in the middle of: "a merge", "a rebase", "a cherry-pick", "a revert", "a
    /// bisect", "a patch series".
    std::string operation_in_progress() const;
    /// Entries of the index are in conflict, as also a person's stash, squash or three-way apply leaves them,
    /// which is no operation in progress. An index that cannot be read tells of none.
    bool has_conflicts() const;
    CommitInfo commit_info(const base::ObjectId& commit) const;
    /// Commit of a full reference name.
    std::optional<base::ObjectId> ref(const std::string& name) const;
    /// The id that a full reference name leads to, whether or not there is such an object.
    std::optional<base::ObjectId> names(const std::string& name) const;
    /// Compare-and-set: throws ref_moved when the reference is not at `expected` (nothing: must not exist);
    /// repository_busy when its lock is held. A lock file that a crash left behind (older than a minute,
    /// holding the id, or a part of it, of an object that is there, or nothing at all) is taken away first.
    void move_ref(const std::string& name, const base::ObjectId& target,
                  const std::optional<base::ObjectId>& expected, const std::string& log_message);
    std::optional<base::ObjectId> merge_base(const base::ObjectId& a, const base::ObjectId& b) const;
    bool is_ancestor(const base::ObjectId& ancestor, const base::ObjectId& of) const;
    /// Commits reachable from `local` and not from `remote`, and the other way round. Absent ones count as no
    /// history.
    std::pair<std::int64_t, std::int64_t> ahead_behind(const std::optional<base::ObjectId>& local,
                                                       const std::optional<base::ObjectId>& remote) const;
    bool has_object(const base::ObjectId& id) const;
    /// The same for many questions whose answer is mostly no: a pack that somebody added since the last miss
    /// of has_object() is not looked for. (libgit2 lists the packs anew at each miss.)
    bool knows_object(const base::ObjectId& id) const;
    /// Throws Error(too_large) above `limit` before reading it.
    std::string blob(const base::ObjectId& id, std::uint64_t limit) const;
    /// user.name and user.email of the configuration, where both are set.
    std::optional<Identity> configured_identity(Role role) const;
    /// core.fileMode: whether the executable bit of a file here says anything.
    bool sees_executable_bit() const;
    /// core.symlinks: whether links are made in the folder.
    bool makes_links() const;
    /// commit.gpgSign.
    bool wants_signatures() const;
    /// Adds a remote of this name with this URL (user info stripped) for people's own git commands, unless
    /// there is one. One that still has the URL `earlier`, which was added so before, gets the new one. True:
    /// the remote has the URL by this call.
    bool ensure_remote(const std::string& name, const std::string& url, const std::string& earlier = {});
    /// URL of a configured remote; empty when there is none.
    std::string remote_url(const std::string& name) const;
    /// What a person's `git pull` and `git push` on this branch need, unless they chose it themselves: the
    /// branch of the same name of that remote.
    void ensure_upstream(const std::string& branch, const std::string& remote);
    const std::string& folder() const;
    git_repository* raw() const;
    /// The modes that people of one group agreed on.
    const SharedModes& shared_modes() const;

  private:
    struct State;
    explicit Repository(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace fluentsync::git
