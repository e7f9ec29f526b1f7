/// DirectorySync: keeps a store and a folder of plain files in step.
#ifndef FLUENTSYNC_DIRECTORY_SYNC_HPP
#define FLUENTSYNC_DIRECTORY_SYNC_HPP

#include <memory>

#include "fluentsync/event.hpp"
#include "fluentsync/options.hpp"
#include "fluentsync/status.hpp"

namespace fluentsync {

class EventLoop;
class EntityStore;

namespace sync {
class DirectoryBody;
}

/// Bidirectional sync between an EntityStore and a folder.
///
/// Entities are files `type/id.md` (Layout::flat). Files with another extension, and files at the top of the
/// folder, are no entities and left to git. Hidden files and folders are not imported either.
/// A file is written whole: to a temporary name, then swapped in; an edit made in the meantime is kept.
/// What cannot be imported (not UTF-8, too large, front matter that does not parse, a symbolic link) is held
/// where it is, listed with its reason, and looked at again when it changes.
///
/// Owner: the host; loop and store must outlive it. One store has one folder, and one process owns a folder:
/// start() and the one-shot functions throw Error(folder_owned) when another process does.
/// Thread: every function from any thread. Those that wait (flush, export_all, import_all) block the caller
/// until the local lane is through; they need no turn of the loop.
/// Failure: Error from the calls; background failures go to the observer and to status(), and are retried.
class DirectorySync {
  public:
    DirectorySync(EventLoop& loop, EntityStore& store, const DirectoryOptions& options);
    DirectorySync(const DirectorySync&) = delete;
    DirectorySync& operator=(const DirectorySync&) = delete;
    ~DirectorySync();

    /// Takes the folder, brings both sides together (initial_sync) in the background, watches from then on
    /// (auto_sync). Returns at once. Throws folder_owned, cannot_open, root_unverified.
    void start();
    /// Ends watching and exporting; what is pending stays pending in the database. Idempotent.
    void stop();
    /// Returns when everything that was pending when it was called has landed: exports, and imports of files
    /// changed before the call. Held paths do not count. Throws what kept it from landing.
    void flush();
    /// Looks at every entity and writes each file that was never there or is older. A file that somebody has
    /// removed is a deletion here too, not a file to write again, but with delete_on_file_removal off.
    /// Returns the number written.
    std::int64_t export_all();
    /// Looks at every file and imports each that is new or changed. Returns the number of entities changed.
    std::int64_t import_all();
    /// Lets the deletions that the guard holds go through; the work follows in the background.
    /// Returns how many.
    std::int64_t confirm_deletions();

    DirectoryStatus status() const;
    [[nodiscard]] Subscription subscribe(Observer& observer);

    /// stop(), then gives the folder back. Idempotent; the destructor calls it.
    void close();

    /// For the library's own classes.
    sync::DirectoryBody& body() const noexcept { return *body_; }

  private:
    std::unique_ptr<sync::DirectoryBody> body_;
};

}  // namespace fluentsync

#endif
