/// Events: everything that happens, told through one interface.
#ifndef FLUENTSYNC_EVENT_HPP
#define FLUENTSYNC_EVENT_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fluentsync/error.hpp"

namespace fluentsync {

/// Where an entity's change came from: a call of this API (or another process on the same database), a file
/// that somebody edited, or the remote. Events about anything else have none.
enum class Origin { api, file, remote, none };

/// "api", "file", "remote" or "".
const char* origin_name(Origin origin) noexcept;

/// New kinds are added at the end; skip the ones you do not know.
enum class EventKind : int {
    entity_created,  ///< "entity:created": type, id, version, origin
    entity_updated,  ///< "entity:updated": type, id, version, origin
    entity_deleted,  ///< "entity:deleted": type, id, origin
    file_exported,   ///< "file:exported": path, type, id
    file_removed,    ///< "file:removed": path, type, id
    file_imported,   ///< "file:imported": path, type, id
    file_held,       ///< "file:held": path, message, code. It stays where it is; see DirectorySync::status()
    file_released,   ///< "file:released": path; a held file is in order again
    export_completed,   ///< "export:completed": count files written or removed by one batch
    import_completed,   ///< "import:completed": count entities changed by one batch
    deletion_held,      ///< "deletion:held": count deletions wait for confirm_deletions(); message says why
    conflict_detected,  ///< "conflict:detected": path, type, id, number of the record, message names the
                        ///< winner
    conflict_resolved,  ///< "conflict:resolved": number
    watch_overflow,     ///< "watch:overflow": events were lost; a rescan follows by itself
    watch_degraded,     ///< "watch:degraded": no watches left; rescans every watch_interval stand in
    root_lost,          ///< "root:lost": the folder is gone, emptied or another one; everything waits
    root_found,         ///< "root:found": it is back
    git_committed,      ///< "git:committed": commit, count of files, message
    git_fetched,        ///< "git:fetched": commit the remote's branch is at
    git_pulled,         ///< "git:pulled": commit HEAD is at, count of files changed
    git_pushed,         ///< "git:pushed": commit the server acknowledged
    git_push_failed,    ///< "git:push-failed": message, code
    git_pull_failed,    ///< "git:pull-failed": message, code
    git_standing_back,  ///< "git:standing-back": message says what a person is in the middle of
    sync_completed,     ///< "sync:completed": one whole git cycle is through, and nothing of it failed
    progress,           ///< "progress": message names the work, count of total done (total 0: unknown)
    warning,            ///< "warning": message (for example a deprecated option)
    error,              ///< "error": message, code, path; background work failed and will be tried again
    events_dropped,     ///< "events:dropped": count events did not fit the queue; list the store to catch up
};

/// The event's stable name as the plan spells it, such as "entity:created". Static storage; never null.
const char* event_name(EventKind kind) noexcept;

/// One event. Fields that the kind does not name are empty or 0.
struct Event {
    EventKind kind = EventKind::warning;
    Origin origin = Origin::none;
    ErrorCode code = ErrorCode::ok;
    std::int64_t time = 0;  ///< When it happened, milliseconds since the Unix epoch.
    std::string type = {};
    std::string id = {};
    std::string path = {};  ///< Relative to the synchronised folder, with '/'.
    std::string message = {};
    std::string commit = {};  ///< 40 hexadecimal digits.
    std::int64_t version = 0;
    std::int64_t number = 0;  ///< Of a conflict record.
    std::int64_t count = 0;
    std::int64_t total = 0;
};

/// Told of everything that happens.
///
/// on_events() runs on the loop thread with no lock held; it may call back into the API, but should return
/// soon: the loop, and with a lent loop the host, waits. Order is kept. A batch holds at least one event.
/// An exception that leaves on_events() is told as an `error` event: to the others, whatever part they
/// listen to, or to itself when alone.
class Observer {
  public:
    virtual ~Observer() = default;
    virtual void on_events(const std::vector<Event>& batch) = 0;
};

/// Ends a subscription when destroyed or reset. After reset() has returned on any thread but the loop's,
/// the observer is not running and will not be called again.
class Subscription {
  public:
    Subscription() = default;
    explicit Subscription(std::function<void()> cancel);
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    ~Subscription();
    void reset();

  private:
    std::function<void()> cancel_;
};

}  // namespace fluentsync

#endif
