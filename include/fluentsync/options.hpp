/// Options as plain structs with defaults. JSON spells the same names in camelCase; see Workspace.
#ifndef FLUENTSYNC_OPTIONS_HPP
#define FLUENTSYNC_OPTIONS_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fluentsync {

struct StoreOptions {
    /// The database file; made if it is not there, for its owner alone to read. No symbolic link itself, and
    /// nothing beside it that SQLite would replay: see README's limits. Required.
    /// A relative path counts from the working directory at construction.
    std::string path = {};
    /// SQLite's page cache, in KiB, over all connections of this process.
    std::int64_t cache_kib = 16384;
    /// True: a write that returned survives a power cut (one fsync a transaction). False: it survives the
    /// death of the process, and after a power cut the newest writes may be missing; never a torn state.
    bool durable = true;
    /// True: the database is there and is only read, also where nothing can be written (a read-only disk,
    /// another user's folder). What others write is read by the next call and not told as an event; one that
    /// meets a write may be Error(busy). A call that would write is Error(misuse): a directory or git on it,
    /// or a workspace, tells its status, verifies, and does nothing else.
    bool read_only = false;
};

/// How an entity becomes a path. Both are bijections.
enum class Layout {
    flat,     ///< type/id.md
    sharded,  ///< type/xx/id.md, xx from the id's hash: for types beyond a thousand or two thousand entities
};

/// Who wins when store and file both changed and differ. The loser is always kept whole as a conflict record.
enum class ConflictPolicy {
    merge,         ///< A clean three-way merge takes both; otherwise the content with the greater hash wins.
    prefer_store,  ///< The store's version wins.
    prefer_file,   ///< The file's version wins.
    newest,        ///< The version with the later time wins; the greater hash where the times are equal.
};

/// Who wins when the local and the remote side both changed a path and differ.
enum class RemoteConflictPolicy {
    merge,  ///< As above: every replica that settles the same conflict arrives at the same content.
    prefer_local,
    prefer_remote,
};

/// When a batch of vanished files is too large to be believed at once. Deletions beyond the guard are held
/// until confirm_deletions(). Each limit is asked about the entities alone, and about all known files (with
/// git the plain ones, too): one that is passed is enough. Deletions made through the API or by a remote's
/// commit are somebody's word and are not held; rows deleted from the database behind the API's back are held
/// alike.
struct DeletionGuard {
    /// Batches below this size are never held, unless nothing at all would remain.
    std::int64_t min_count = 5;
    /// Held when more than this share of the known entities, or of the known files, would go.
    double max_fraction = 0.3;
    /// Held when more than this many would go, whatever the share.
    std::int64_t max_count = 1000;
};

/// What becomes of a front matter key that both sides changed. Keys by name ("updated") or dotted path
/// ("meta.updated"). `conflict` comes before `max`, that before `unite`. Without a rule: lists of scalars are
/// united, usual stamps (updated, modified, lastmod, revision ...) are `max`, anything else is a conflict.
struct MergeRules {
    /// The later date or time, the greater number; a conflict where both values are not of one such kind.
    std::vector<std::string> max = {};
    /// Lists of scalars: what either side added, less what either removed. JSON's name is "union".
    std::vector<std::string> unite = {};
    /// Always a conflict of that key: the winner's value stands, the loser's is recorded.
    std::vector<std::string> conflict = {};
};

struct DirectoryOptions {
    /// The folder. Required; made if it is not there. A relative path: as StoreOptions::path.
    std::string sync_path = {};
    /// Both directions by themselves. False: only export_all(), import_all() and flush() move anything.
    bool auto_sync = true;
    /// A change waits this long for more changes; zero exports at once.
    std::chrono::milliseconds sync_debounce{1000};
    /// A steady stream of changes is exported at least this often. Unset: ten times sync_debounce.
    std::optional<std::chrono::milliseconds> max_sync_delay = std::nullopt;
    /// The rescan period where file events cannot be trusted (no watches left, a network file system).
    std::chrono::milliseconds watch_interval{1000};
    /// Bring folder and store together on start().
    bool initial_sync = true;
    /// Only these types are imported and exported; empty: all. Files of other types are left to git.
    std::vector<std::string> entity_types = {};
    /// A file that somebody removed takes its entity along. False: the entity stays, and its file comes back
    /// when the entity next changes.
    bool delete_on_file_removal = true;
    /// Larger files are held, and larger content is refused: each put() into the database that this folder
    /// belongs to, from any process, is Error(too_large).
    std::int64_t max_import_file_bytes = 10 * 1024 * 1024;
    Layout layout = Layout::flat;
    /// False: a file whose name cannot be an entity's (`Why?.md`: some system refuses it) is listed as held,
    /// and git carries it all the same. True: it is in no commit before somebody renames it.
    bool portable_names = false;
    ConflictPolicy conflict_policy = ConflictPolicy::merge;
    /// How the front matter of a type's notes merges; "*" is for the types not named. All replicas need the
    /// same rules to arrive at the same content.
    std::map<std::string, MergeRules> merge = {};
    DeletionGuard deletion_guard = {};
    /// True: each batch of files is on disk before the ledger says so. False: after a power cut a file may
    /// have to be exported again.
    bool durable = true;
    /// Deprecated: use auto_sync. Still works (it sets auto_sync) and warns through the observer.
    std::optional<bool> watch_enabled = std::nullopt;
};

/// What a remote asked for.
struct CredentialsRequest {
    std::string url;       ///< Without any secret.
    std::string username;  ///< From the URL; may be empty.
    int attempt = 1;       ///< 1 for the first try.
};

struct Credentials {
    std::string username = {};
    std::string password = {};  ///< A password or token.
};

/// Called on the network lane. Return nothing to give up. close() waits until it returns: one that asks a
/// person has to end the question first. In it, close(), pull(), push() and sync() are Error(misuse).
using CredentialsCallback = std::function<std::optional<Credentials>(const CredentialsRequest&)>;

struct GitOptions {
    /// False: a Workspace without git; the other fields are ignored.
    bool enabled = true;
    /// URL or path of the remote; empty: none. A user and password in it are used and stored nowhere.
    /// A repository given by path has no server: it is written directly, and its hooks do not run.
    /// A relative path: as StoreOptions::path, where it exists by then.
    std::string remote = {};
    /// Empty: the branch HEAD is on; in a new repository the remote's default branch, or "main".
    std::string branch = {};
    /// Commit by itself after changes, and pull (and push, with auto_push) every sync_interval.
    bool auto_sync = false;
    std::chrono::seconds sync_interval{300};
    /// Push after each commit.
    bool auto_push = false;
    /// Before a commit, export only when DirectorySync's status cannot prove that the files are current.
    /// False: always run an export first.
    bool skip_export_check = true;
    /// A change waits this long for more changes before it is committed.
    std::chrono::milliseconds commit_debounce{5000};
    /// Empty: user.name and user.email of the git configuration, or "FluentSync <fluentsync@localhost>".
    std::string author_name = {};
    std::string author_email = {};
    /// {added}, {modified}, {deleted}, {total} and {files} (the first paths) are replaced.
    std::string commit_message = "Sync {total} files: {added} added, {modified} modified, {deleted} deleted";
    RemoteConflictPolicy conflict_policy = RemoteConflictPolicy::merge;
    CredentialsCallback credentials = nullptr;
    /// A remote that does not answer for this long is given up.
    std::chrono::milliseconds network_timeout{30000};
    /// A fetch that brings more is given up, and nothing of it stays: who serves a remote could fill the
    /// disk.
    std::int64_t max_fetch_bytes = std::int64_t{4} << 30;
    /// True: a commit's objects are on disk before the branch moves.
    bool durable = true;
};

/// The three classes in one struct.
struct WorkspaceOptions {
    StoreOptions store = {};
    DirectoryOptions directory = {};
    GitOptions git = {};
};

/// Options from a JSON text with the plan's camelCase names:
/// {"store": {"path": ...}, "directory": {"syncPath": ..., "syncDebounce": 1000}, "git": {"syncInterval":
/// 300}}. syncDebounce, maxSyncDelay, watchInterval and commitDebounce are milliseconds; syncInterval and
/// networkTimeout are seconds. "git" absent or null means no git.
/// Throws Error(invalid_options): a syntax error with its place, a value of the wrong kind, or an unknown key
/// with the nearest known one. check_options() says the rest.
WorkspaceOptions parse_options(const std::string& json);
/// One class's options alone: the object that parse_options() takes as "store", "directory" or "git".
StoreOptions parse_store_options(const std::string& json);
DirectoryOptions parse_directory_options(const std::string& json);
GitOptions parse_git_options(const std::string& json);

/// What opening would refuse of them, without opening anything: what is required and empty, out of range, or
/// contradicts something else. Throws Error(invalid_options), which names the option with its struct, such as
/// git.sync_interval, what it is and what it takes.
void check_options(const WorkspaceOptions& options);
void check_options(const StoreOptions& options);
void check_options(const DirectoryOptions& options);
/// Does nothing when git is not enabled.
void check_options(const GitOptions& options);

}  // namespace fluentsync

#endif
