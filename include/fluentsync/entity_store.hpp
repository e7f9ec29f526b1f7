/// EntityStore: typed entities in SQLite.
#ifndef FLUENTSYNC_ENTITY_STORE_HPP
#define FLUENTSYNC_ENTITY_STORE_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fluentsync/entity.hpp"
#include "fluentsync/event.hpp"
#include "fluentsync/options.hpp"
#include "fluentsync/status.hpp"

namespace fluentsync {

class EventLoop;

namespace store {
class StoreBody;
}

/// The writes of one transaction. Valid only inside EntityStore::transaction(), on the calling thread.
class EntityTransaction {
  public:
    virtual PutResult put(const EntityDraft& draft, const PutOptions& options = {}) = 0;
    virtual bool remove(const EntityKey& key, const PutOptions& options = {}) = 0;
    virtual std::optional<Entity> get(const EntityKey& key) = 0;

  protected:
    ~EntityTransaction() = default;
};

/// Typed entities (type, id, content, metadata) in one SQLite file.
///
/// Thread: every function from any thread, at once. One writer at a time; readers do not wait for it.
/// Processes: several may have the same database open. What another process writes, even a raw UPDATE from
/// the sqlite3 shell, is noticed, told to observers and exported.
/// Durability: see StoreOptions::durable. A call that returned has committed.
/// Failure: Error. A failed call changed nothing. Error(busy) when another process held the write lock for
/// over five seconds. Error(database_gone) by every call once the file or its log was deleted or replaced:
/// nothing goes into a file that nobody sees. With a loop an `error` event tells of that at once. Close the
/// store, and open what is there.
/// Writes follow from here: a DirectorySync on this store exports them, a GitSync commits them.
class EntityStore {
  public:
    /// Opens or makes the database. Events are delivered on `loop`, which must outlive the store.
    /// Throws cannot_open, not_our_database, newer_database, corrupt, busy.
    EntityStore(EventLoop& loop, const StoreOptions& options);
    /// The same without events: for programs that write and leave.
    explicit EntityStore(const StoreOptions& options);
    EntityStore(const EntityStore&) = delete;
    EntityStore& operator=(const EntityStore&) = delete;
    ~EntityStore();

    /// Adds an entity. Throws already_exists.
    PutResult create(const EntityDraft& draft);
    /// Adds or replaces (upsert). Content that is already there is no write and fires no event.
    /// Throws invalid_key, invalid_content, invalid_front_matter, too_large (over 1 GB, or over the
    /// max_import_file_bytes of the folder that the database belongs to), version_mismatch.
    PutResult put(const EntityDraft& draft, const PutOptions& options = {});
    /// Many puts in one transaction. Returns how many changed something.
    std::int64_t put_all(const std::vector<EntityDraft>& drafts);
    std::optional<Entity> get(const EntityKey& key) const;
    /// False when there was none.
    bool remove(const EntityKey& key, const PutOptions& options = {});

    /// Edits one front matter key in the content, and nothing else: comments, order, quotes and line ends of
    /// the rest stay. `key` may be dotted for nested mappings; `json_value` is any JSON value. A missing key
    /// is added at the end of the front matter; missing front matter is added at the top.
    /// Throws not_found, or invalid_front_matter where the edit cannot be made by a span, or the front matter
    /// is TOML or JSON.
    PutResult set_metadata(const EntityKey& key, const std::string& name, const std::string& json_value,
                           const PutOptions& options = {});
    /// Removes one front matter key. Not an error when it is not there.
    PutResult remove_metadata(const EntityKey& key, const std::string& name, const PutOptions& options = {});

    std::vector<Entity> list(const Query& query = {}) const;
    std::int64_t count(const Query& query = {}) const;
    std::vector<std::string> types() const;

    /// Runs `work` in one transaction: all of its writes or, if it throws, none. Do not call other functions
    /// of this store inside, nor what waits for files or git: Error(misuse).
    void transaction(const std::function<void(EntityTransaction&)>& work);

    /// Records of conflicts, newest first. Contents are included.
    std::vector<Conflict> conflicts(bool include_resolved = false) const;
    std::optional<Conflict> conflict(std::int64_t number) const;
    /// Settles a record: `winner` leaves what is in place, `loser` puts the loser's content back.
    /// Throws not_found; invalid_argument when the path is no entity and the loser is asked for (write the
    /// file); version_mismatch when the loser is asked for and the entity was edited since (edit it as you
    /// want it, then take the winner). An entity that is gone comes back.
    void resolve_conflict(std::int64_t number, ConflictChoice choice);
    /// Settles a record with content of the caller's own. Throws as above, and what put() throws.
    void resolve_conflict_with(std::int64_t number, const std::string& content);

    /// What is held, in every hop.
    std::vector<Held> held() const;
    /// Lets the deletions that the guard holds go through. Works from any process. Returns how many.
    std::int64_t confirm_deletions();

    /// Told of this store's events: entity:*, conflict:resolved, and an `error` of database_gone.
    [[nodiscard]] Subscription subscribe(Observer& observer);

    /// Ends all calls. Idempotent.
    void close();

    /// For the library's own classes.
    store::StoreBody& body() const noexcept { return *body_; }

  private:
    std::unique_ptr<store::StoreBody> body_;
};

}  // namespace fluentsync

#endif
