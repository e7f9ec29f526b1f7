/// FluentSync's C API, all of it: C99, and C++ alike.
///
/// CONVENTIONS
///
///  1. Status. A function that can fail returns an int: FLUENTSYNC_OK (0), or one of enum fluentsync_code.
///  Its
///     last parameter is an optional error object: pass NULL, or the address of a `fluentsync_error*`, which
///     is set to NULL on success and on failure to an object that you free. A failed call changed nothing,
///     unless its comment says otherwise.
///  2. Results come through out-parameters in front of it. On failure they are set to NULL or 0. An
///  out-parameter
///     is required unless its comment says that it may be NULL.
///  3. Getters and the free functions of values cannot fail; they return what they are asked for, and given
///  NULL
///     an empty string, 0 or NULL.
///  4. Strings in are a pointer and a length in bytes, in UTF-8, and may hold NUL where contents may. NULL
///  with
///     length 0 is the empty string; FLUENTSYNC_NUL_TERMINATED as the length measures up to the first NUL.
///     They are copied before the call returns.
///  5. Strings out are of two kinds. Getters return a borrowed pointer that is never NULL, is followed by a
///  NUL
///     and lives as long as the object asked; their `length` (may be NULL) receives the length. Longer texts,
///     all of them JSON, come as a fluentsync_string that you free.
///  6. Handles have a life: loop, store, directory, git, workspace, events, subscription, transaction. You
///  close
///     each that you opened, once, with its close function, which also releases it. A handle is a ticket,
///     never reused and never read through: NULL gives FLUENTSYNC_INVALID_ARGUMENT; one that is closed gives
///     FLUENTSYNC_CLOSED, closing it again too; one of another kind, or that never was a handle, gives
///     FLUENTSYNC_MISUSE.
///  7. Values are all other objects: plain memory, unchanging, readable from any thread, independent of the
///  handle
///     that they came from. You free each that a call gave you, once, with its free function. What a getter
///     or a callback's parameter gives you is borrowed: not yours to free.
///  8. Threads. Every function may be called from any thread, at once, unless its comment says otherwise.
///  Calls
///     that wait for disk or network say so. A call that waits is ended by closing its handle from another
///     thread.
///  9. Callbacks come with `userdata` and a free function (may be NULL). From the call on the userdata is the
///     library's: freed exactly once, after the last callback has returned, and also when the call itself
///     fails; on any thread. No exception and no longjmp may leave a callback.
/// 10. Inside a transaction's or a credentials callback only the functions of its own parameter may be
/// called;
///     others on handles give FLUENTSYNC_MISUSE. Inside all other callbacks everything may be called, except
///     that a loop or workspace with a thread of its own cannot be closed on that thread: FLUENTSYNC_MISUSE.
/// 11. fork(). A child process has the handles of its parent no more: each use gives FLUENTSYNC_MISUSE.
///     Values stay readable. It may open its own if the parent's were at rest when it forked (nothing
///     pending, no call under way): a lock that another thread held at that moment, say malloc's under a
///     sanitizer or one of SQLite's, is never released in the child. A host that cannot tell forks first, or
///     starts a program.
/// 12. Options are a JSON object in UTF-8 with the camelCase names of the README's tables; what is left out
/// has
///     its default, so texts written today stay valid with every later version. An unknown key, a value of
///     the wrong kind or range, or a syntax error gives FLUENTSYNC_INVALID_OPTIONS and a message that names
///     it and the nearest known key.
/// 13. Times are milliseconds since the Unix epoch, durations milliseconds, sizes bytes, booleans 0 or 1.
/// 14. What is added: functions, codes, event kinds, JSON keys (in and out). What you do not know, skip. What
/// is
///     there keeps its meaning as long as the library keeps its SONAME.
#ifndef FLUENTSYNC_FLUENTSYNC_H
#define FLUENTSYNC_FLUENTSYNC_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FLUENTSYNC_API __attribute__((visibility("default")))
#else
#define FLUENTSYNC_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Handles */
typedef struct fluentsync_loop fluentsync_loop;
typedef struct fluentsync_store fluentsync_store;
typedef struct fluentsync_directory fluentsync_directory;
typedef struct fluentsync_git fluentsync_git;
typedef struct fluentsync_workspace fluentsync_workspace;
typedef struct fluentsync_events fluentsync_events;
typedef struct fluentsync_subscription fluentsync_subscription;
typedef struct fluentsync_transaction fluentsync_transaction;

/* Values */
typedef struct fluentsync_error fluentsync_error;
typedef struct fluentsync_string fluentsync_string;
typedef struct fluentsync_drafts fluentsync_drafts;
typedef struct fluentsync_put_result fluentsync_put_result;
typedef struct fluentsync_entity fluentsync_entity;
typedef struct fluentsync_entity_list fluentsync_entity_list;
typedef struct fluentsync_conflict fluentsync_conflict;
typedef struct fluentsync_conflict_list fluentsync_conflict_list;
typedef struct fluentsync_event fluentsync_event;
typedef struct fluentsync_event_batch fluentsync_event_batch;
typedef struct fluentsync_credentials fluentsync_credentials;

/// Where it stands: libuv's loop, for hosts that lend theirs. A uv_loop_t* is one of these.
struct uv_loop_s;

/// A string's length: up to its first NUL.
#define FLUENTSYNC_NUL_TERMINATED ((size_t)-1)
/// A string literal as the two arguments that a string is.
#define FLUENTSYNC_LITERAL(text) (text), (sizeof(text) - 1)
/// As an expected version: whatever the version is.
#define FLUENTSYNC_ANY_VERSION ((int64_t)-1)
/// As a timeout: until there is something.
#define FLUENTSYNC_FOREVER ((int64_t)-1)

typedef void (*fluentsync_free_function)(void* userdata);

/* ---- Errors ----------------------------------------------------------------------------------------------
 */

/// The numbers are stable. fluentsync_code_name() gives the name, such as "invalid_key".
enum fluentsync_code {
    FLUENTSYNC_OK = 0,
    FLUENTSYNC_INVALID_ARGUMENT = 1,     /* an argument makes no sense; the message names it */
    FLUENTSYNC_INVALID_OPTIONS = 2,      /* an option is unknown, missing or out of range */
    FLUENTSYNC_INVALID_KEY = 3,          /* a type or id that cannot become a safe path */
    FLUENTSYNC_INVALID_CONTENT = 4,      /* not UTF-8, or empty where content is needed */
    FLUENTSYNC_INVALID_FRONT_MATTER = 5, /* the front matter does not parse; the message names the line */
    FLUENTSYNC_TOO_LARGE = 6,            /* content over the size limit */
    FLUENTSYNC_NOT_FOUND = 7,            /* no such entity, conflict, file or key */
    FLUENTSYNC_ALREADY_EXISTS = 8,       /* create of an entity that is there */
    FLUENTSYNC_VERSION_MISMATCH = 9,     /* compare-and-set on a version that has moved */
    FLUENTSYNC_CANNOT_OPEN = 10,         /* a path cannot be opened or made */
    FLUENTSYNC_NOT_OUR_DATABASE = 11,    /* the file is no FluentSync database */
    FLUENTSYNC_NEWER_DATABASE = 12,      /* the database was written by a newer FluentSync */
    FLUENTSYNC_BUSY = 13,                /* another process holds the database; try again */
    FLUENTSYNC_IO = 14,                  /* a read or write failed: no space, I/O error, permission */
    FLUENTSYNC_CORRUPT = 15,             /* a database or repository is damaged */
    FLUENTSYNC_FOLDER_OWNED = 16,        /* another running process synchronises this folder */
    FLUENTSYNC_ROOT_UNVERIFIED = 17,     /* the folder is not the one known here (unmounted? emptied?) */
    FLUENTSYNC_REPOSITORY = 18,      /* the repository refuses: no such branch, detached HEAD, bad object */
    FLUENTSYNC_REPOSITORY_BUSY = 19, /* a person's merge or rebase is in progress, or a lock is held */
    FLUENTSYNC_REF_MOVED = 20,       /* the branch moved between read and write; try again */
    FLUENTSYNC_REMOTE_UNREACHABLE = 21, /* the remote is not there or does not answer */
    FLUENTSYNC_TIMED_OUT = 22,          /* given up after the time that the options allow */
    FLUENTSYNC_AUTHENTICATION = 23,     /* the remote wants credentials or refused them */
    FLUENTSYNC_PUSH_REJECTED = 24,      /* the server refused the ref; the message carries its words */
    FLUENTSYNC_CANCELLED = 25,          /* closing came first, or a transaction's callback said no */
    FLUENTSYNC_CLOSED = 26,             /* the handle is closed */
    FLUENTSYNC_MISUSE = 27,       /* a call on the wrong thread, in the wrong state or on a wrong handle */
    FLUENTSYNC_INTERNAL = 28,     /* a fault of ours, or no memory; please report it */
    FLUENTSYNC_DATABASE_GONE = 29 /* the database was deleted or replaced while it was open; open it anew */
};

FLUENTSYNC_API int fluentsync_error_code(const fluentsync_error* error);
/// One line: what failed, on what, what to do; never a secret.
FLUENTSYNC_API const char* fluentsync_error_message(const fluentsync_error* error, size_t* length);
/// The file, database or URL (redacted) in question; may be empty.
FLUENTSYNC_API const char* fluentsync_error_path(const fluentsync_error* error, size_t* length);
/// Whether the same call may succeed later with nothing changed by the caller.
FLUENTSYNC_API int fluentsync_error_retryable(const fluentsync_error* error);
FLUENTSYNC_API void fluentsync_error_free(fluentsync_error* error);
/// Static storage, never NULL: "unknown" for a number that this library does not know.
FLUENTSYNC_API const char* fluentsync_code_name(int code);

/* ---- Library and strings ---------------------------------------------------------------------------------
 */

/// The library's version, such as "0.1.0". Static storage.
FLUENTSYNC_API const char* fluentsync_version(void);
/// How many objects the caller has opened or been given and not yet closed or freed, over all threads. For
/// tests: 0 at the end.
FLUENTSYNC_API int64_t fluentsync_live_objects(void);
/// Reads a workspace's options and says what is wrong with them; opens nothing.
FLUENTSYNC_API int fluentsync_check_options(const char* options, size_t options_length,
                                            fluentsync_error** error);

FLUENTSYNC_API const char* fluentsync_string_data(const fluentsync_string* string, size_t* length);
FLUENTSYNC_API void fluentsync_string_free(fluentsync_string* string);

/* ---- Loop ------------------------------------------------------------------------------------------------
 */

/// Where timers, file watches and event callbacks run. It does no disk, SQL, git or network work.

typedef void (*fluentsync_task)(void* userdata);

/// A loop of our own, on a thread of our own.
FLUENTSYNC_API int fluentsync_loop_open(fluentsync_loop** loop, fluentsync_error** error);
/// A loop that the host lends and runs, and keeps until it is closed here. Call it on the thread that runs
/// the loop, or before any does. Our uv handles are unreferenced: they do not keep uv_run() alive, so the
/// loop turns for us only while it has a live handle of the host's.
FLUENTSYNC_API int fluentsync_loop_lend(struct uv_loop_s* lent, fluentsync_loop** loop,
                                        fluentsync_error** error);
/// Runs `task` on the loop's thread soon. When the loop closes first, only the userdata is freed.
FLUENTSYNC_API int fluentsync_loop_post(fluentsync_loop* loop, fluentsync_task task, void* userdata,
                                        fluentsync_free_function free_userdata, fluentsync_error** error);
/// Whether the caller is on the loop's thread. A lent loop's is the one that last ran a callback of ours, and
/// before the first the one that lent it.
FLUENTSYNC_API int fluentsync_loop_on_thread(fluentsync_loop* loop, int* on_thread, fluentsync_error** error);
/// Stops and joins. FLUENTSYNC_MISUSE while a store, directory, git or workspace is open on it; with a thread
/// of its own: on that thread; lent: on any thread but the loop's (see fluentsync_loop_on_thread()). After
/// closing a lent loop let it turn once more before uv_loop_close().
FLUENTSYNC_API int fluentsync_loop_close(fluentsync_loop* loop, fluentsync_error** error);

/* ---- Store: typed entities in one SQLite file -------------------------------------------------------------
 */

/// Calls read and write the database file and return when they have; a write that returned has committed (see
/// the option `durable`). One writer at a time; readers do not wait for it. Other processes may have the same
/// database open; what they write is told as events and exported. FLUENTSYNC_BUSY when another process held
/// the write lock for over five seconds.
///
/// A `type` is one path segment, an `id` may be nested with '/'. FLUENTSYNC_INVALID_KEY for what cannot
/// become a path inside the folder. `expected_version` makes a write conditional: it happens only if the
/// entity has this version now (0: only if there is none), else FLUENTSYNC_VERSION_MISMATCH;
/// FLUENTSYNC_ANY_VERSION: always. An entity that is deleted and made anew goes on counting: no version comes
/// back.

/// `options`: the "store" object alone, such as {"path": "brain.db"}. `loop` may be NULL: then there are no
/// events, for programs that write and leave; otherwise it stays open until the store is closed.
/// FLUENTSYNC_CANNOT_OPEN also where the database is a symbolic link, or a rollback journal lies beside it.
FLUENTSYNC_API int fluentsync_store_open(fluentsync_loop* loop, const char* options, size_t options_length,
                                         fluentsync_store** store, fluentsync_error** error);
/// FLUENTSYNC_MISUSE while a directory or git is open on it, and for a workspace's store.
FLUENTSYNC_API int fluentsync_store_close(fluentsync_store* store, fluentsync_error** error);

/// Adds an entity. FLUENTSYNC_ALREADY_EXISTS. `result` may be NULL, here and below.
FLUENTSYNC_API int fluentsync_store_create(fluentsync_store* store, const char* type, size_t type_length,
                                           const char* id, size_t id_length, const char* content,
                                           size_t content_length, fluentsync_put_result** result,
                                           fluentsync_error** error);
/// Adds or replaces. `content` is the exact bytes of the entity's file, front matter included; it must be
/// UTF-8 and may hold NUL. Content that is already there is no write and no event.
/// FLUENTSYNC_INVALID_CONTENT, FLUENTSYNC_INVALID_FRONT_MATTER, FLUENTSYNC_TOO_LARGE.
FLUENTSYNC_API int fluentsync_store_put(fluentsync_store* store, const char* type, size_t type_length,
                                        const char* id, size_t id_length, const char* content,
                                        size_t content_length, int64_t expected_version,
                                        fluentsync_put_result** result, fluentsync_error** error);
/// All drafts in one transaction, or none. `changed` (may be NULL): how many changed something.
FLUENTSYNC_API int fluentsync_store_put_all(fluentsync_store* store, const fluentsync_drafts* drafts,
                                            int64_t* changed, fluentsync_error** error);
/// `entity` is NULL, and the status FLUENTSYNC_OK, when there is none.
FLUENTSYNC_API int fluentsync_store_get(fluentsync_store* store, const char* type, size_t type_length,
                                        const char* id, size_t id_length, fluentsync_entity** entity,
                                        fluentsync_error** error);
/// `removed` (may be NULL): 0 when there was none.
FLUENTSYNC_API int fluentsync_store_remove(fluentsync_store* store, const char* type, size_t type_length,
                                           const char* id, size_t id_length, int64_t expected_version,
                                           int* removed, fluentsync_error** error);
/// Edits one front matter key in the content and no other byte. `name` may be dotted for nested mappings;
/// `value` is any JSON value. A missing key, or missing front matter, is added. FLUENTSYNC_NOT_FOUND;
/// FLUENTSYNC_INVALID_FRONT_MATTER where the edit cannot be made in place, or the front matter is TOML or
/// JSON.
FLUENTSYNC_API int fluentsync_store_set_metadata(fluentsync_store* store, const char* type,
                                                 size_t type_length, const char* id, size_t id_length,
                                                 const char* name, size_t name_length, const char* value,
                                                 size_t value_length, int64_t expected_version,
                                                 fluentsync_put_result** result, fluentsync_error** error);
/// Removes one front matter key; none is no error.
FLUENTSYNC_API int fluentsync_store_remove_metadata(fluentsync_store* store, const char* type,
                                                    size_t type_length, const char* id, size_t id_length,
                                                    const char* name, size_t name_length,
                                                    int64_t expected_version, fluentsync_put_result** result,
                                                    fluentsync_error** error);

/// `query` is empty (everything) or a JSON object; all keys may be left out:
///   {"type": "note", "sortBy": "id"|"created"|"updated", "descending": false, "limit": 0, "offset": 0,
///    "withContent": true,
///    "filters": [{"key": "author.name", "compare": "equal", "value": "Ada"}]}
/// A limit of 0 is none. `key` is a front matter key, a dotted path or a JSON path ("$.tags[0]"); `compare`
/// is "equal" (default), "notEqual", "less", "lessEqual", "greater" or "greaterEqual"; `value` is a JSON
/// scalar. All filters must hold. Ties are broken by type and id. FLUENTSYNC_INVALID_ARGUMENT names what is
/// wrong.
FLUENTSYNC_API int fluentsync_store_list(fluentsync_store* store, const char* query, size_t query_length,
                                         fluentsync_entity_list** list, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_store_count(fluentsync_store* store, const char* query, size_t query_length,
                                          int64_t* count, fluentsync_error** error);
/// A JSON array of the types there are.
FLUENTSYNC_API int fluentsync_store_types(fluentsync_store* store, fluentsync_string** types,
                                          fluentsync_error** error);

/// Runs `work` at once on the calling thread, in one transaction. When it returns FLUENTSYNC_OK all of its
/// writes are committed; otherwise none, and the status is what it returned if that is one of enum
/// fluentsync_code (with the error of the transaction's call that failed with it, if there was one), else
/// FLUENTSYNC_CANCELLED. The transaction lives until `work` returns, and on its thread alone:
/// FLUENTSYNC_MISUSE elsewhere.
typedef int (*fluentsync_transaction_callback)(void* userdata, fluentsync_transaction* transaction);
FLUENTSYNC_API int fluentsync_store_transaction(fluentsync_store* store, fluentsync_transaction_callback work,
                                                void* userdata, fluentsync_free_function free_userdata,
                                                fluentsync_error** error);
/// As the store's functions of the same names.
FLUENTSYNC_API int fluentsync_transaction_put(fluentsync_transaction* transaction, const char* type,
                                              size_t type_length, const char* id, size_t id_length,
                                              const char* content, size_t content_length,
                                              int64_t expected_version, fluentsync_put_result** result,
                                              fluentsync_error** error);
FLUENTSYNC_API int fluentsync_transaction_get(fluentsync_transaction* transaction, const char* type,
                                              size_t type_length, const char* id, size_t id_length,
                                              fluentsync_entity** entity, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_transaction_remove(fluentsync_transaction* transaction, const char* type,
                                                 size_t type_length, const char* id, size_t id_length,
                                                 int64_t expected_version, int* removed,
                                                 fluentsync_error** error);

/// Conflict records, newest first: two versions of one path that could not both stand. The winner is in
/// place; the loser is kept in the record whole.
FLUENTSYNC_API int fluentsync_store_conflicts(fluentsync_store* store, int include_resolved,
                                              fluentsync_conflict_list** list, fluentsync_error** error);
/// `conflict` is NULL, and the status FLUENTSYNC_OK, when there is none of that number.
FLUENTSYNC_API int fluentsync_store_conflict(fluentsync_store* store, int64_t number,
                                             fluentsync_conflict** conflict, fluentsync_error** error);
enum fluentsync_choice { FLUENTSYNC_TAKE_WINNER = 0, FLUENTSYNC_TAKE_LOSER = 1 };
/// Settles a record: the winner leaves what is in place, the loser puts its content back.
/// FLUENTSYNC_NOT_FOUND; FLUENTSYNC_INVALID_ARGUMENT when the path is no entity and the loser is asked for;
/// FLUENTSYNC_VERSION_MISMATCH when the loser is asked for and the entity was edited since.
FLUENTSYNC_API int fluentsync_store_resolve(fluentsync_store* store, int64_t number, int choice,
                                            fluentsync_error** error);
/// Settles a record with content of your own.
FLUENTSYNC_API int fluentsync_store_resolve_with(fluentsync_store* store, int64_t number, const char* content,
                                                 size_t content_length, fluentsync_error** error);

/// Files that are no entities until somebody mends them:
///   [{"path": "note/a.md", "code": "invalid_content", "reason": "...", "since": 1700000000000,
///     "carried": true}]
/// carried: git has such a file all the same, byte for byte; the others are left alone in every hop.
/// JSON is UTF-8: in a path that is not, each wrong byte reads as U+FFFD, here and in status and verify. The
/// event "file:held" has the path as it is.
FLUENTSYNC_API int fluentsync_store_held(fluentsync_store* store, fluentsync_string** held,
                                         fluentsync_error** error);
/// Lets the deletions that the guard holds go through; works from any process. `count` (may be NULL): how
/// many.
FLUENTSYNC_API int fluentsync_store_confirm_deletions(fluentsync_store* store, int64_t* count,
                                                      fluentsync_error** error);

/// What fluentsync_store_put_all() puts. Not to be used by two threads at once; the one value that changes.
FLUENTSYNC_API int fluentsync_drafts_new(fluentsync_drafts** drafts, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_drafts_add(fluentsync_drafts* drafts, const char* type, size_t type_length,
                                         const char* id, size_t id_length, const char* content,
                                         size_t content_length, fluentsync_error** error);
FLUENTSYNC_API void fluentsync_drafts_free(fluentsync_drafts* drafts);

/// 0 when the entity already had this content: no write, no event.
FLUENTSYNC_API int fluentsync_put_result_changed(const fluentsync_put_result* result);
FLUENTSYNC_API int fluentsync_put_result_created(const fluentsync_put_result* result);
FLUENTSYNC_API int64_t fluentsync_put_result_version(const fluentsync_put_result* result);
FLUENTSYNC_API void fluentsync_put_result_free(fluentsync_put_result* result);

FLUENTSYNC_API const char* fluentsync_entity_type(const fluentsync_entity* entity, size_t* length);
FLUENTSYNC_API const char* fluentsync_entity_id(const fluentsync_entity* entity, size_t* length);
/// The exact bytes. Empty when a query asked to leave contents out.
FLUENTSYNC_API const char* fluentsync_entity_content(const fluentsync_entity* entity, size_t* length);
/// A JSON object: the parsed view of the front matter; "{}" when there is none.
FLUENTSYNC_API const char* fluentsync_entity_metadata(const fluentsync_entity* entity, size_t* length);
/// The content's git blob id, 40 hexadecimal digits.
FLUENTSYNC_API const char* fluentsync_entity_hash(const fluentsync_entity* entity, size_t* length);
/// 1 when created, one more for each change.
FLUENTSYNC_API int64_t fluentsync_entity_version(const fluentsync_entity* entity);
FLUENTSYNC_API int64_t fluentsync_entity_created(const fluentsync_entity* entity);
FLUENTSYNC_API int64_t fluentsync_entity_updated(const fluentsync_entity* entity);
/// For an entity that a get gave; a list's entities are borrowed from it.
FLUENTSYNC_API void fluentsync_entity_free(fluentsync_entity* entity);
FLUENTSYNC_API size_t fluentsync_entity_list_size(const fluentsync_entity_list* list);
/// NULL beyond the end.
FLUENTSYNC_API const fluentsync_entity* fluentsync_entity_list_at(const fluentsync_entity_list* list,
                                                                  size_t index);
FLUENTSYNC_API void fluentsync_entity_list_free(fluentsync_entity_list* list);

FLUENTSYNC_API int64_t fluentsync_conflict_number(const fluentsync_conflict* conflict);
FLUENTSYNC_API const char* fluentsync_conflict_path(const fluentsync_conflict* conflict, size_t* length);
/// Type and id are empty when the path is no entity.
FLUENTSYNC_API const char* fluentsync_conflict_type(const fluentsync_conflict* conflict, size_t* length);
FLUENTSYNC_API const char* fluentsync_conflict_id(const fluentsync_conflict* conflict, size_t* length);
/// Sides are "store", "file", "local" or "remote".
FLUENTSYNC_API const char* fluentsync_conflict_winner_side(const fluentsync_conflict* conflict,
                                                           size_t* length);
FLUENTSYNC_API const char* fluentsync_conflict_loser_side(const fluentsync_conflict* conflict,
                                                          size_t* length);
/// May be empty: there was no common version.
FLUENTSYNC_API const char* fluentsync_conflict_base_hash(const fluentsync_conflict* conflict, size_t* length);
FLUENTSYNC_API const char* fluentsync_conflict_winner_hash(const fluentsync_conflict* conflict,
                                                           size_t* length);
FLUENTSYNC_API const char* fluentsync_conflict_loser_hash(const fluentsync_conflict* conflict,
                                                          size_t* length);
/// Contents are exact bytes, and where the path is no entity any bytes.
FLUENTSYNC_API const char* fluentsync_conflict_winner_content(const fluentsync_conflict* conflict,
                                                              size_t* length);
FLUENTSYNC_API const char* fluentsync_conflict_loser_content(const fluentsync_conflict* conflict,
                                                             size_t* length);
FLUENTSYNC_API int64_t fluentsync_conflict_created(const fluentsync_conflict* conflict);
FLUENTSYNC_API int fluentsync_conflict_resolved(const fluentsync_conflict* conflict);
/// For a conflict that fluentsync_store_conflict() gave; a list's are borrowed from it.
FLUENTSYNC_API void fluentsync_conflict_free(fluentsync_conflict* conflict);
FLUENTSYNC_API size_t fluentsync_conflict_list_size(const fluentsync_conflict_list* list);
FLUENTSYNC_API const fluentsync_conflict* fluentsync_conflict_list_at(const fluentsync_conflict_list* list,
                                                                      size_t index);
FLUENTSYNC_API void fluentsync_conflict_list_free(fluentsync_conflict_list* list);

/* ---- Directory: keeps a store and a folder of plain files in step -----------------------------------------
 */

/// One store has one folder, and one process owns a folder: start and the calls that wait give
/// FLUENTSYNC_FOLDER_OWNED when another does. Failures of background work are told as events and in the
/// status, and tried again.

/// `options`: the "directory" object alone, such as {"syncPath": "brain"}. Touches nothing yet. `loop` and
/// `store` stay open until the directory is closed.
FLUENTSYNC_API int fluentsync_directory_open(fluentsync_loop* loop, fluentsync_store* store,
                                             const char* options, size_t options_length,
                                             fluentsync_directory** directory, fluentsync_error** error);
/// Stops and gives the folder back. FLUENTSYNC_MISUSE while a git is open on it, and for a workspace's
/// directory.
FLUENTSYNC_API int fluentsync_directory_close(fluentsync_directory* directory, fluentsync_error** error);
/// Takes the folder, brings both sides together in the background, watches from then on. Returns soon.
FLUENTSYNC_API int fluentsync_directory_start(fluentsync_directory* directory, fluentsync_error** error);
/// Ends watching and exporting; what is pending stays pending in the database.
FLUENTSYNC_API int fluentsync_directory_stop(fluentsync_directory* directory, fluentsync_error** error);
/// Waits until everything that was pending when it was called has landed. Held paths do not count.
FLUENTSYNC_API int fluentsync_directory_flush(fluentsync_directory* directory, fluentsync_error** error);
/// Waits: writes each file that was never there or is older; one that somebody has removed is a deletion.
/// `count` (may be NULL): files written.
FLUENTSYNC_API int fluentsync_directory_export_all(fluentsync_directory* directory, int64_t* count,
                                                   fluentsync_error** error);
/// Waits: imports each file that is new or changed. `count` (may be NULL): entities changed.
FLUENTSYNC_API int fluentsync_directory_import_all(fluentsync_directory* directory, int64_t* count,
                                                   fluentsync_error** error);
/// Lets the deletions that the guard holds go through, in the background. `count` (may be NULL): how many.
FLUENTSYNC_API int fluentsync_directory_confirm_deletions(fluentsync_directory* directory, int64_t* count,
                                                          fluentsync_error** error);
/// {"autoSync": true, "rootVerified": true, "watching": true, "pendingExports": 0, "pendingImports": 0,
///  "heldDeletions": 0, "lastSync": 0, "held": [as fluentsync_store_held()], "exportProgressAge": null,
///  "importProgressAge": null, "lastError": ""}
/// An age is null or the milliseconds since the hop last finished a piece of work.
FLUENTSYNC_API int fluentsync_directory_status(fluentsync_directory* directory, fluentsync_string** status,
                                               fluentsync_error** error);

/* ---- Git: commits what changed in the folder, and keeps it in step with a remote
 * --------------------------- */

/// What a remote asks for; lives until the callback returns.
FLUENTSYNC_API const char* fluentsync_credentials_url(const fluentsync_credentials* credentials,
                                                      size_t* length);
/// From the URL; may be empty.
FLUENTSYNC_API const char* fluentsync_credentials_username(const fluentsync_credentials* credentials,
                                                           size_t* length);
/// 1 for the first try.
FLUENTSYNC_API int fluentsync_credentials_attempt(const fluentsync_credentials* credentials);
/// The answer; a password may be a token. It is stored nowhere.
FLUENTSYNC_API int fluentsync_credentials_answer(fluentsync_credentials* credentials, const char* username,
                                                 size_t username_length, const char* password,
                                                 size_t password_length, fluentsync_error** error);
/// In the place of an answer: why there is none (the keyring is locked, say), in words that the error which
/// FLUENTSYNC_AUTHENTICATION comes with then ends with.
FLUENTSYNC_API int fluentsync_credentials_fail(fluentsync_credentials* credentials, const char* reason,
                                               size_t reason_length, fluentsync_error** error);
/// Called on the network's thread. Without an answer the remote is given up: FLUENTSYNC_AUTHENTICATION.
typedef void (*fluentsync_credentials_callback)(void* userdata, fluentsync_credentials* credentials);

/// `options`: the "git" object alone, such as {"remote": "/srv/git/brain.git", "autoPush": true}. `ask` may
/// be NULL. Touches nothing yet. `loop`, `store` and `directory` stay open until the git is closed.
FLUENTSYNC_API int fluentsync_git_open(fluentsync_loop* loop, fluentsync_store* store,
                                       fluentsync_directory* directory, const char* options,
                                       size_t options_length, fluentsync_credentials_callback ask,
                                       void* userdata, fluentsync_free_function free_userdata,
                                       fluentsync_git** git, fluentsync_error** error);
/// Gives up network work at once; returns within two seconds. FLUENTSYNC_MISUSE for a workspace's git.
FLUENTSYNC_API int fluentsync_git_close(fluentsync_git* git, fluentsync_error** error);
/// Opens or makes the repository and starts what the options ask for; network work follows in the background.
FLUENTSYNC_API int fluentsync_git_start(fluentsync_git* git, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_git_stop(fluentsync_git* git, fluentsync_error** error);
/// Waits: exports what is pending and commits. An empty message uses the template. `result` (may be NULL):
/// {"commit": "40 digits; empty: nothing to commit", "files": 1}
FLUENTSYNC_API int fluentsync_git_commit(fluentsync_git* git, const char* message, size_t message_length,
                                         fluentsync_string** result, fluentsync_error** error);
/// Waits: fetches, merges, applies to files and store, moves the branch. `result` (may be NULL):
/// {"head": "40 digits", "files": 1, "merged": false}
FLUENTSYNC_API int fluentsync_git_pull(fluentsync_git* git, fluentsync_string** result,
                                       fluentsync_error** error);
/// Waits: pushes the branch; when the server is ahead it pulls and tries again. `result` (may be NULL):
/// {"outcome": "none"|"pushed"|"up_to_date"|"rejected"|"failed", "commit": "40 digits"}
FLUENTSYNC_API int fluentsync_git_push(fluentsync_git* git, fluentsync_string** result,
                                       fluentsync_error** error);
/// Waits: everything once: export, commit, pull, push (where there is a remote).
FLUENTSYNC_API int fluentsync_git_sync(fluentsync_git* git, fluentsync_error** error);
/// {"initialized": true, "autoSync": true, "branch": "main", "remote": "", "head": "", "ahead": 0, "behind":
/// 0,
///  "uncommitted": 0, "lastCommit": 0, "lastPush": 0, "lastPushOutcome": "none", "lastError": "",
///  "standingBack": "", "commitProgressAge": null, "pullProgressAge": null, "pushProgressAge": null}
FLUENTSYNC_API int fluentsync_git_status(fluentsync_git* git, fluentsync_string** status,
                                         fluentsync_error** error);

/* ---- Workspace: the three opened and wired together
 * ---------------------------------------------------------- */

/// `options`: {"store": {...}, "directory": {...}, "git": {...}}; "git" left out or null is none. `loop` may
/// be NULL: a loop and thread of its own. Opens the database; start or sync take folder and repository.
FLUENTSYNC_API int fluentsync_workspace_open(fluentsync_loop* loop, const char* options,
                                             size_t options_length, fluentsync_credentials_callback ask,
                                             void* userdata, fluentsync_free_function free_userdata,
                                             fluentsync_workspace** workspace, fluentsync_error** error);
/// Stops everything within two seconds, even on a remote that hangs. What is pending stays in the database,
/// and the next start goes on with it.
FLUENTSYNC_API int fluentsync_workspace_close(fluentsync_workspace* workspace, fluentsync_error** error);
/// The parts are borrowed: they close with the workspace and not otherwise, and nothing else can be opened on
/// them.
FLUENTSYNC_API int fluentsync_workspace_store(fluentsync_workspace* workspace, fluentsync_store** store,
                                              fluentsync_error** error);
FLUENTSYNC_API int fluentsync_workspace_directory(fluentsync_workspace* workspace,
                                                  fluentsync_directory** directory, fluentsync_error** error);
/// FLUENTSYNC_MISUSE when it has none.
FLUENTSYNC_API int fluentsync_workspace_git(fluentsync_workspace* workspace, fluentsync_git** git,
                                            fluentsync_error** error);
/// Starts the automation that the options ask for.
FLUENTSYNC_API int fluentsync_workspace_start(fluentsync_workspace* workspace, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_workspace_stop(fluentsync_workspace* workspace, fluentsync_error** error);
/// Waits: everything once, import, export, commit, pull, push; returns when converged.
FLUENTSYNC_API int fluentsync_workspace_sync(fluentsync_workspace* workspace, fluentsync_error** error);
/// {"entities": 0, "openConflicts": 0, "directory": {...}, "git": null or {...}}
FLUENTSYNC_API int fluentsync_workspace_status(fluentsync_workspace* workspace, fluentsync_string** status,
                                               fluentsync_error** error);
/// Waits: recomputes store, files, index and HEAD from scratch and compares. Changes nothing.
/// {"clean": true, "entities": 0, "files": 0, "treeEntries": 0, "held": [...], "drifts": [{"path": "",
/// "what": ""}]}
FLUENTSYNC_API int fluentsync_workspace_verify(fluentsync_workspace* workspace, fluentsync_string** report,
                                               fluentsync_error** error);

/* ---- Events
 * -------------------------------------------------------------------------------------------------- */

/// Two ways to hear them. A *queue* (fluentsync_events) is for a host with a scheduler of its own, and for
/// languages whose code must not run on our thread: it is told that there is something, by a callback or a
/// descriptor, and pulls on a thread of its own. A *subscription* runs a callback on the loop's thread. What
/// happens before either is made is not told. Order is kept. A store tells entity and conflict:resolved
/// events, a workspace all; directory and git theirs.

/// New kinds are added at the end: skip the ones that you do not know. Fields not named are empty or 0.
enum fluentsync_kind {
    FLUENTSYNC_EVENT_ENTITY_CREATED = 0,     /* "entity:created": type, id, version, origin */
    FLUENTSYNC_EVENT_ENTITY_UPDATED = 1,     /* "entity:updated": type, id, version, origin */
    FLUENTSYNC_EVENT_ENTITY_DELETED = 2,     /* "entity:deleted": type, id, origin */
    FLUENTSYNC_EVENT_FILE_EXPORTED = 3,      /* "file:exported": path, type, id */
    FLUENTSYNC_EVENT_FILE_REMOVED = 4,       /* "file:removed": path, type, id */
    FLUENTSYNC_EVENT_FILE_IMPORTED = 5,      /* "file:imported": path, type, id */
    FLUENTSYNC_EVENT_FILE_HELD = 6,          /* "file:held": path, message, code; it stays where it is */
    FLUENTSYNC_EVENT_FILE_RELEASED = 7,      /* "file:released": path; a held file is in order again */
    FLUENTSYNC_EVENT_EXPORT_COMPLETED = 8,   /* "export:completed": count of files */
    FLUENTSYNC_EVENT_IMPORT_COMPLETED = 9,   /* "import:completed": count of entities */
    FLUENTSYNC_EVENT_DELETION_HELD = 10,     /* "deletion:held": count, message; waits for confirmation */
    FLUENTSYNC_EVENT_CONFLICT_DETECTED = 11, /* "conflict:detected": path, type, id, number, message */
    FLUENTSYNC_EVENT_CONFLICT_RESOLVED = 12, /* "conflict:resolved": number */
    FLUENTSYNC_EVENT_WATCH_OVERFLOW = 13,    /* "watch:overflow": a rescan follows by itself */
    FLUENTSYNC_EVENT_WATCH_DEGRADED = 14,    /* "watch:degraded": no watches left; rescans stand in */
    FLUENTSYNC_EVENT_ROOT_LOST = 15,       /* "root:lost": the folder is gone or another; everything waits */
    FLUENTSYNC_EVENT_ROOT_FOUND = 16,      /* "root:found": it is back */
    FLUENTSYNC_EVENT_GIT_COMMITTED = 17,   /* "git:committed": commit, count of files, message */
    FLUENTSYNC_EVENT_GIT_FETCHED = 18,     /* "git:fetched": commit */
    FLUENTSYNC_EVENT_GIT_PULLED = 19,      /* "git:pulled": commit HEAD is at, count of files */
    FLUENTSYNC_EVENT_GIT_PUSHED = 20,      /* "git:pushed": commit the server acknowledged */
    FLUENTSYNC_EVENT_GIT_PUSH_FAILED = 21, /* "git:push-failed": message, code */
    FLUENTSYNC_EVENT_GIT_PULL_FAILED = 22, /* "git:pull-failed": message, code */
    FLUENTSYNC_EVENT_GIT_STANDING_BACK = 23, /* "git:standing-back": message says what a person is doing */
    FLUENTSYNC_EVENT_SYNC_COMPLETED = 24, /* "sync:completed": a whole git cycle, of which nothing failed */
    FLUENTSYNC_EVENT_PROGRESS = 25,       /* "progress": message, count of total done (total 0: unknown) */
    FLUENTSYNC_EVENT_WARNING = 26,        /* "warning": message */
    FLUENTSYNC_EVENT_ERROR = 27,          /* "error": message, code, path; it will be tried again */
    FLUENTSYNC_EVENT_DROPPED = 28         /* "events:dropped": count were lost; list the store to catch up */
};

/// One of enum fluentsync_kind, or a newer one.
FLUENTSYNC_API int fluentsync_event_kind(const fluentsync_event* event);
/// The stable name, such as "entity:created".
FLUENTSYNC_API const char* fluentsync_event_name(const fluentsync_event* event, size_t* length);
/// "api", "file" or "remote": where an entity's change came from; empty for other kinds.
FLUENTSYNC_API const char* fluentsync_event_origin(const fluentsync_event* event, size_t* length);
FLUENTSYNC_API int fluentsync_event_code(const fluentsync_event* event);
FLUENTSYNC_API int64_t fluentsync_event_time(const fluentsync_event* event);
FLUENTSYNC_API const char* fluentsync_event_type(const fluentsync_event* event, size_t* length);
FLUENTSYNC_API const char* fluentsync_event_id(const fluentsync_event* event, size_t* length);
/// Relative to the folder, with '/'.
FLUENTSYNC_API const char* fluentsync_event_path(const fluentsync_event* event, size_t* length);
FLUENTSYNC_API const char* fluentsync_event_message(const fluentsync_event* event, size_t* length);
/// 40 hexadecimal digits.
FLUENTSYNC_API const char* fluentsync_event_commit(const fluentsync_event* event, size_t* length);
FLUENTSYNC_API int64_t fluentsync_event_version(const fluentsync_event* event);
/// Of a conflict record.
FLUENTSYNC_API int64_t fluentsync_event_number(const fluentsync_event* event);
FLUENTSYNC_API int64_t fluentsync_event_count(const fluentsync_event* event);
FLUENTSYNC_API int64_t fluentsync_event_total(const fluentsync_event* event);

FLUENTSYNC_API size_t fluentsync_event_batch_size(const fluentsync_event_batch* batch);
/// Borrowed from the batch; NULL beyond its end.
FLUENTSYNC_API const fluentsync_event* fluentsync_event_batch_at(const fluentsync_event_batch* batch,
                                                                 size_t index);
/// For a batch that fluentsync_events_next() gave; a callback's is borrowed.
FLUENTSYNC_API void fluentsync_event_batch_free(fluentsync_event_batch* batch);

/// A queue of at most `capacity` events (0: 16384). Beyond that the newest are dropped, counted, and told as
/// one FLUENTSYNC_EVENT_DROPPED in their place. FLUENTSYNC_MISUSE on a store opened without a loop.
FLUENTSYNC_API int fluentsync_store_events(fluentsync_store* store, size_t capacity,
                                           fluentsync_events** events, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_directory_events(fluentsync_directory* directory, size_t capacity,
                                               fluentsync_events** events, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_git_events(fluentsync_git* git, size_t capacity, fluentsync_events** events,
                                         fluentsync_error** error);
FLUENTSYNC_API int fluentsync_workspace_events(fluentsync_workspace* workspace, size_t capacity,
                                               fluentsync_events** events, fluentsync_error** error);
/// Takes up to `most` events (0: 128), in order. Waits for the first up to `timeout` milliseconds (0: not at
/// all; FLUENTSYNC_FOREVER); then `batch` is NULL and the status FLUENTSYNC_OK. Once what it listens to is
/// closed and the queue is empty, and when the queue is closed by another thread: FLUENTSYNC_CLOSED.
/// FLUENTSYNC_MISUSE when it would wait on the loop's thread.
FLUENTSYNC_API int fluentsync_events_next(fluentsync_events* events, size_t most, int64_t timeout,
                                          fluentsync_event_batch** batch, fluentsync_error** error);
/// A descriptor to poll for reading: readable while there are events, or the end, to take. It belongs to the
/// queue: do not read, write or close it; stop polling before you close the queue. -1 on failure.
FLUENTSYNC_API int fluentsync_events_fd(fluentsync_events* events, int* fd, fluentsync_error** error);
/// `ready` is called when there is something to take, once, and not again before fluentsync_events_next() has
/// left the queue empty; at once if there is something now. On any thread: mostly the loop's, so be brief.
/// A later call replaces it; NULL: none. One that is running while it is replaced runs to its end: replaced
/// by itself, the new one is called once behind it if there is something, and next for the next event.
typedef void (*fluentsync_ready_callback)(void* userdata);
FLUENTSYNC_API int fluentsync_events_on_ready(fluentsync_events* events, fluentsync_ready_callback ready,
                                              void* userdata, fluentsync_free_function free_userdata,
                                              fluentsync_error** error);
/// A queue is closed by itself: closing what it listens to only ends it. Allowed in any callback but those of
/// convention 10.
FLUENTSYNC_API int fluentsync_events_close(fluentsync_events* events, fluentsync_error** error);

/// Called on the loop's thread with at least one event; the batch is borrowed. Return soon: the loop, and
/// with a lent loop the host, waits.
typedef void (*fluentsync_events_callback)(void* userdata, const fluentsync_event_batch* batch);
FLUENTSYNC_API int fluentsync_store_subscribe(fluentsync_store* store, fluentsync_events_callback callback,
                                              void* userdata, fluentsync_free_function free_userdata,
                                              fluentsync_subscription** subscription,
                                              fluentsync_error** error);
FLUENTSYNC_API int fluentsync_directory_subscribe(fluentsync_directory* directory,
                                                  fluentsync_events_callback callback, void* userdata,
                                                  fluentsync_free_function free_userdata,
                                                  fluentsync_subscription** subscription,
                                                  fluentsync_error** error);
FLUENTSYNC_API int fluentsync_git_subscribe(fluentsync_git* git, fluentsync_events_callback callback,
                                            void* userdata, fluentsync_free_function free_userdata,
                                            fluentsync_subscription** subscription, fluentsync_error** error);
FLUENTSYNC_API int fluentsync_workspace_subscribe(fluentsync_workspace* workspace,
                                                  fluentsync_events_callback callback, void* userdata,
                                                  fluentsync_free_function free_userdata,
                                                  fluentsync_subscription** subscription,
                                                  fluentsync_error** error);
/// When it has returned on any thread but the loop's, the callback is not running and will not be called
/// again. May be called in the callback itself.
FLUENTSYNC_API int fluentsync_subscription_close(fluentsync_subscription* subscription,
                                                 fluentsync_error** error);

#ifdef __cplusplus
}
#endif

#endif
