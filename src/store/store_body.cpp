#include "store/store_body.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

#include "base/from_here.hpp"
#include "store/change_listener.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "store/foreign_writes.hpp"
#include "store/text_keys.hpp"

namespace fluentsync::store {
namespace {

// A later chdir() leads neither readers that are opened then nor the watch to another file. ":memory:" is
// SQLite's own word and is refused as such.
StoreOptions with_path_from_here(StoreOptions options) {
    if (options.path != ":memory:") options.path = base::from_here(options.path);
    return options;
}

EventKind event_kind(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::created:
            return EventKind::entity_created;
        case ChangeKind::deleted:
            return EventKind::entity_deleted;
        case ChangeKind::updated:
            break;
    }
    return EventKind::entity_updated;
}

// What other processes changed, as far as the change log still tells.
void append_foreign_events(Connection& connection, std::int64_t after_seq, std::vector<Event>& events) {
    for (const Change& change : pending_changes(connection, after_seq, SIZE_MAX / 2)) {
        Event event;
        event.kind = event_kind(change.kind);
        event.origin = Origin::api;
        event.type = change.key.type;
        event.id = change.key.id;
        if (const auto head = find_head(connection, change.key)) event.version = head->version;
        events.push_back(std::move(event));
    }
}

Event twin_event(const Conflict& conflict) {
    Event event;
    event.kind = EventKind::conflict_detected;
    event.path = conflict.path;
    event.type = conflict.type;
    event.id = conflict.id;
    event.number = conflict.number;
    event.message = fmt::format("a second row had this key as a BLOB; its content is kept as conflict {}",
                                conflict.number);
    return event;
}

}  // namespace

struct StoreBody::State {
    ChangeListener listener;
    // What this process has told of. Written inside the writer's turn, after its commit.
    std::atomic<std::int64_t> seen_seq{0};
    std::atomic<std::int64_t> seen_version{0};
    std::mutex close_mutex;
    // The failure of its looks that was told, until one succeeds. Theirs alone.
    std::string told_failure;
    std::unique_ptr<ForeignWrites> foreign_writes;
};

StoreBody::StoreBody(const std::shared_ptr<runtime::LoopBody>& loop, const StoreOptions& options,
                     const base::Clock& clock)
    : clock_(clock),
      loop_use_(loop),
      database_(std::make_unique<Database>(with_path_from_here(options))),
      hub_(runtime::EventHub::make(loop, clock)),
      state_(std::make_unique<State>()) {
    // The version first: a write between the two is then looked at once more instead of never.
    state_->seen_version = database_->data_version();
    bool unhealed = false;
    database_->read([&](Connection& connection) {
        state_->seen_seq = last_seq(connection);
        unhealed = needs_healing(connection);
    });
    if (database_->read_only()) return;
    if (unhealed) look_for_foreign_writes();
    if (!loop) return;
    const auto look = [this](bool written) { return try_to_look(written); };
    state_->foreign_writes = std::make_unique<ForeignWrites>(loop, database_->path(), look);
}

StoreBody::~StoreBody() {
    close();
}

PutResult StoreBody::EntityWriter::put(const EntityKey& key, std::string_view content,
                                       const base::ObjectId& hash, std::string_view metadata,
                                       std::optional<std::int64_t> expected_version) {
    const PutResult result =
        put_entity(connection_, {key, content, hash, metadata}, expected_version, body_.clock_.wall_ms());
    if (result.changed)
        publish_entity(result.created ? EventKind::entity_created : EventKind::entity_updated, key,
                       result.version);
    return result;
}

bool StoreBody::EntityWriter::erase(const EntityKey& key, std::optional<std::int64_t> expected_version) {
    if (!erase_entity(connection_, key, expected_version)) return false;
    erased_ = true;
    publish_entity(EventKind::entity_deleted, key, 0);
    return true;
}

void StoreBody::EntityWriter::publish_entity(EventKind kind, const EntityKey& key, std::int64_t version) {
    if (!body_.hub_->has_subscribers()) return;
    Event event;
    event.kind = kind;
    event.origin = origin_;
    event.type = key.type;
    event.id = key.id;
    event.version = version;
    events_.push_back(std::move(event));
}

void StoreBody::EntityWriter::publish(Event event) {
    events_.push_back(std::move(event));
}

void StoreBody::EntityWriter::after_commit(std::function<void()> act) {
    acts_.push_back(std::move(act));
}

void StoreBody::write(Origin origin, Durability durability, const std::function<void(EntityWriter&)>& work) {
    std::vector<Event> events;
    std::vector<std::function<void()>> acts;
    std::int64_t version = 0;
    std::int64_t seq = 0;
    bool foreign = false;
    bool grown = false;
    const auto run = [&](Connection& connection) {
        version = Database::data_version(connection);
        foreign = version != state_->seen_version;
        const std::int64_t before = last_seq(connection);
        EntityWriter writer(*this, connection, origin);
        if (foreign && hub_->has_subscribers())
            append_foreign_events(connection, state_->seen_seq, writer.events_);
        work(writer);
        if (writer.erased_) mark_api_deletions(connection, before);
        seq = last_seq(connection);
        grown = seq != before;
        events = std::move(writer.events_);
        acts = std::move(writer.acts_);
    };
    database_->write(durability, run, [&] {
        state_->seen_version = version;
        state_->seen_seq = seq;
        for (const auto& act : acts)
            act();
        for (Event& event : events)
            hub_->publish(std::move(event));
    });
    if (grown || foreign) state_->listener.call();
}

void StoreBody::set_change_listener(std::function<void()> listener) {
    state_->listener.set(std::move(listener));
}

void StoreBody::call_change_listener() {
    state_->listener.call();
}

void StoreBody::look_for_foreign_writes() {
    // A write, though mostly an empty one: a process that is between writing its log and committing holds the
    // write lock, and nothing would tell of the commit itself.
    write(Origin::api, Durability::full, [this](EntityWriter& writer) {
        for (const Conflict& conflict : make_keys_text(writer.connection(), clock_.wall_ms()))
            writer.publish(twin_event(conflict));
        heal(writer.connection());
    });
}

// For ForeignWrites, which tries again when it returns false.
bool StoreBody::try_to_look(bool written) try {
    // Told of a write, it waits for the commit; otherwise it takes no lock that others wait for.
    if (!written && database_->data_version() == state_->seen_version) return true;
    look_for_foreign_writes();
    state_->told_failure.clear();
    return true;
} catch (const Error& error) {
    if (error.code() == ErrorCode::closed) return true;
    if (error.code() != ErrorCode::busy) tell_failed_look(error);
    return false;
}

void StoreBody::tell_failed_look(const Error& error) {
    if (error.what() == state_->told_failure) return;
    state_->told_failure = error.what();
    Event event;
    event.kind = EventKind::error;
    event.code = error.code();
    event.path = error.path();
    event.message = error.what();
    hub_->publish(std::move(event));
}

void StoreBody::close() {
    {
        const std::lock_guard lock(state_->close_mutex);
        database_->stop_waiting();
        state_->foreign_writes.reset();
        database_->close();
        state_->listener.set({});
    }
    hub_->close();  // Waits for an observer that may itself be closing this store.
    loop_use_.end();
}

}  // namespace fluentsync::store
