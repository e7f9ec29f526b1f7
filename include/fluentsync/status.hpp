/// What can be asked at any time: pending work, held files, conflicts, the state of git, drift.
#ifndef FLUENTSYNC_STATUS_HPP
#define FLUENTSYNC_STATUS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fluentsync/error.hpp"

namespace fluentsync {

/// A path that is left alone until somebody mends it. It is looked at again whenever it changes.
struct Held {
    std::string path;  ///< Relative to the folder.
    ErrorCode code = ErrorCode::ok;
    std::string reason;      ///< One line: what is wrong, what to do.
    std::int64_t since = 0;  ///< Milliseconds since the Unix epoch.
    /// Git carries the file as it is: it is no entity's content, or has no entity's name, but is committed
    /// and pulled like a plain file.
    bool carried = false;
};

/// Ages are milliseconds since the hop last finished a piece of work; nullopt: not yet in this process.
struct DirectoryStatus {
    bool auto_sync = false;      ///< Running by itself right now.
    bool root_verified = false;  ///< The path leads to the folder that the database knows.
    bool watching = false;       ///< False: rescans stand in for events.
    std::int64_t pending_exports = 0;
    std::int64_t pending_imports = 0;
    std::int64_t held_deletions = 0;  ///< Waiting for confirm_deletions().
    std::int64_t last_sync = 0;       ///< Milliseconds since the Unix epoch; 0: never.
    std::vector<Held> held;
    std::optional<std::int64_t> export_progress_age;
    std::optional<std::int64_t> import_progress_age;
    std::string last_error;
};

enum class PushOutcome { none, pushed, up_to_date, rejected, failed };

/// "none", "pushed", "up_to_date", "rejected" or "failed".
const char* push_outcome_name(PushOutcome outcome) noexcept;

struct GitStatus {
    bool initialized = false;
    bool auto_sync = false;
    std::string branch;
    std::string remote;  ///< Without secrets.
    std::string head;    ///< 40 hexadecimal digits; empty before the first commit.
    std::int64_t ahead =
        0;  ///< Commits the remote does not have. All of them when it has no such branch yet.
    std::int64_t behind = 0;       ///< Commits seen by the last fetch and not merged.
    std::int64_t uncommitted = 0;  ///< Paths that the next commit will carry.
    std::int64_t last_commit = 0;  ///< Time of HEAD's commit, milliseconds since the Unix epoch.
    std::int64_t last_push = 0;
    PushOutcome last_push_outcome = PushOutcome::none;  ///< Of the last push that had something to do.
    std::string last_error;
    std::string standing_back;  ///< Why nothing is committed right now; empty when all is well.
    std::optional<std::int64_t> commit_progress_age;
    std::optional<std::int64_t> pull_progress_age;
    std::optional<std::int64_t> push_progress_age;
};

struct WorkspaceStatus {
    std::int64_t entities = 0;
    std::int64_t open_conflicts = 0;
    DirectoryStatus directory;
    std::optional<GitStatus> git;
};

/// Two versions of one path that could not both stand. The winner is in place; the loser is kept here whole.
struct Conflict {
    std::int64_t number = 0;
    std::string path;
    std::string type;  ///< Empty when the path is no entity.
    std::string id;
    std::string winner_side;  ///< "store", "file", "local" or "remote".
    std::string loser_side;
    std::string base_hash;  ///< May be empty: there was no common version.
    std::string winner_hash;
    std::string loser_hash;
    std::string winner_content;
    std::string loser_content;
    std::int64_t created = 0;
    bool resolved = false;
    /// The front matter key in question, with dots where it is nested; empty: the whole content. The note was
    /// merged but for that key: winner_content is the merged note, loser_content the same with the loser's
    /// value. Taking the loser sets that key alone.
    std::string key;
};

enum class ConflictChoice { winner, loser };

/// One line of what verify() found out of step.
struct Drift {
    std::string path;
    std::string what;
};

struct VerifyReport {
    std::int64_t entities = 0;
    std::int64_t files = 0;
    std::int64_t tree_entries = 0;
    std::vector<Held> held;
    std::vector<Drift> drifts;
    bool clean() const { return drifts.empty(); }
};

struct CommitResult {
    std::string commit;  ///< Empty: nothing to commit, so no commit was made.
    std::int64_t files = 0;
};

struct PullResult {
    std::string head;        ///< HEAD after the pull.
    std::int64_t files = 0;  ///< Paths changed here.
    bool merged = false;     ///< True: a merge commit was made. False: fast-forward, or nothing to do.
};

struct PushResult {
    PushOutcome outcome = PushOutcome::none;
    std::string commit;  ///< What the server acknowledged.
};

}  // namespace fluentsync

#endif
