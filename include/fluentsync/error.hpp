/// The one exception of the library, with a stable code.
#ifndef FLUENTSYNC_ERROR_HPP
#define FLUENTSYNC_ERROR_HPP

#include <stdexcept>
#include <string>
#include <utility>

namespace fluentsync {

/// What kind of thing went wrong. The numbers are stable: new codes are added, old ones keep their value.
enum class ErrorCode : int {
    ok = 0,
    invalid_argument = 1,      ///< A call's argument makes no sense; the message names it.
    invalid_options = 2,       ///< An option is unknown, missing or out of range.
    invalid_key = 3,           ///< A type or id that cannot become a safe path.
    invalid_content = 4,       ///< Not UTF-8, or empty where content is needed.
    invalid_front_matter = 5,  ///< The front matter does not parse; the message names the line.
    too_large = 6,             ///< Content over the size limit.
    not_found = 7,             ///< No such entity, conflict, file or key.
    already_exists = 8,        ///< create() of an entity that is there.
    version_mismatch = 9,      ///< Compare-and-set on a version that has moved.
    cannot_open = 10,          ///< A path cannot be opened or made.
    not_our_database = 11,     ///< The file is no FluentSync database.
    newer_database = 12,       ///< The database was written by a newer FluentSync.
    busy = 13,                 ///< Another process holds the database; try again.
    io = 14,                   ///< A read or write failed: no space, I/O error, permission.
    corrupt = 15,              ///< A database or repository is damaged.
    folder_owned = 16,         ///< Another running process synchronises this folder.
    root_unverified = 17,      ///< The folder is not the one known here (unmounted? emptied?).
    repository = 18,           ///< The git repository refuses: no such branch, detached HEAD, bad object.
    repository_busy = 19,      ///< A person's merge or rebase is in progress, or a lock is held.
    ref_moved = 20,            ///< The branch moved between read and write; try again.
    remote_unreachable = 21,   ///< The remote is not there or does not answer.
    timed_out = 22,            ///< Given up after the time that the options allow.
    authentication = 23,       ///< The remote wants credentials or refused them.
    push_rejected = 24,        ///< The server refused the ref; the message carries its words.
    cancelled = 25,            ///< close() came first.
    closed = 26,               ///< The object is closed.
    misuse = 27,               ///< A call on the wrong thread or in the wrong state.
    internal = 28,             ///< A fault of ours; please report it.
    database_gone = 29,        ///< The database was deleted or replaced while it was open; open it anew.
};

/// The code's stable name, such as "invalid_key". Static storage; never null.
const char* error_code_name(ErrorCode code) noexcept;

/// Thrown by every synchronous call that fails. what() is one line: what failed, on what, what to do;
/// never a secret. Failures of background work are not thrown: they reach the Observer and status().
class Error : public std::runtime_error {
  public:
    Error(ErrorCode code, const std::string& message, std::string path = {})
        : std::runtime_error(message), code_(code), path_(std::move(path)) {}

    ErrorCode code() const noexcept { return code_; }
    /// The file, database or URL (redacted) in question; may be empty.
    const std::string& path() const noexcept { return path_; }
    /// Whether the same call may succeed later with nothing changed by the caller.
    bool retryable() const noexcept;

  private:
    ErrorCode code_;
    std::string path_;
};

}  // namespace fluentsync

#endif
