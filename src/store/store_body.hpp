/// The body of EntityStore, and what the sync floor uses of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "fluentsync/entity.hpp"
#include "fluentsync/error.hpp"
#include "fluentsync/event.hpp"
#include "fluentsync/options.hpp"
#include "runtime/event_hub.hpp"
#include "runtime/loop_body.hpp"
#include "runtime/loop_use.hpp"
#include "store/database.hpp"

namespace fluentsync::store {

/// Listens for writes of other processes (inotify on the folder of the database, for its -wal file; the work
/// is done on a small lane of its own, coalesced), but only when it has a loop.
class StoreBody {
  public:
    StoreBody(const std::shared_ptr<runtime::LoopBody>& loop, const StoreOptions& options,
              const base::Clock& clock = base::system_clock());
    ~StoreBody();

    Database& database() { return *database_; }
    const std::shared_ptr<runtime::EventHub>& hub() const { return hub_; }
    const base::Clock& clock() const { return clock_; }

    /// A write transaction in which entities may change. Before `work` the changes of other processes since
    /// the last look are told as events; after the commit `work`'s own are told, in order, with `origin`, and
    /// the listener is called when the change log grew. Entity events are derived from what the EntityWriter
    /// was asked to do. Erased entities are marked as deleted through the API (mark_api_deletions).
    class EntityWriter {
      public:
        EntityWriter(StoreBody& body, Connection& connection, Origin origin)
            : body_(body), connection_(connection), origin_(origin) {}
        Connection& connection() { return connection_; }
        /// Checks nothing: content is valid, hash and metadata belong to it.
        PutResult put(const EntityKey& key, std::string_view content, const base::ObjectId& hash,
                      std::string_view metadata, std::optional<std::int64_t> expected_version = std::nullopt);
        bool erase(const EntityKey& key, std::optional<std::int64_t> expected_version = std::nullopt);
        /// Told after the commit, in order with the entity events.
        void publish(Event event);
        /// For what is known in memory too. Called in the writer's turn, in order, before the events are
        /// told; it must not throw.
        void after_commit(std::function<void()> act);

      private:
        friend class StoreBody;
        void publish_entity(EventKind kind, const EntityKey& key, std::int64_t version);
        StoreBody& body_;
        Connection& connection_;
        Origin origin_;
        std::vector<Event> events_;
        std::vector<std::function<void()>> acts_;
        bool erased_ = false;
    };
    void write(Origin origin, Durability durability, const std::function<void(EntityWriter&)>& work);
    void read(const std::function<void(Connection&)>& work) const { database_->read(work); }

    /// Called on any thread, with no lock held, after the change log grew or another process wrote anything.
    /// One listener; an empty function takes it away, and when that call returns the old one is not running
    /// (but on its own thread). It must not throw.
    void set_change_listener(std::function<void()> listener);
    /// Calls the listener, for news that is not in the change log.
    void call_change_listener();
    /// Looks for writes of other processes now (any thread but the loop's): waits for one that is being made,
    /// heals, tells, calls the listener. Writes nothing when there were none.
    void look_for_foreign_writes();
    void close();

  private:
    struct State;
    bool try_to_look(bool written);
    void tell_failed_look(const Error& error);

    const base::Clock& clock_;
    runtime::LoopUse loop_use_;
    std::unique_ptr<Database> database_;
    std::shared_ptr<runtime::EventHub> hub_;
    std::unique_ptr<State> state_;
};

}  // namespace fluentsync::store
