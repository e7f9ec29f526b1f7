/// EntityStore's conflict records and holds.
#include <fmt/format.h>

#include "codec/front_matter.hpp"
#include "fluentsync/entity_store.hpp"
#include "store/content_limit.hpp"
#include "store/entity_table.hpp"
#include "store/held_deletions.hpp"
#include "store/prepared_content.hpp"
#include "store/records.hpp"
#include "store/store_body.hpp"

namespace fluentsync {
namespace {

using store::Connection;
using store::Durability;
using EntityWriter = store::StoreBody::EntityWriter;

Conflict open_conflict(Connection& connection, std::int64_t number) {
    auto conflict = store::find_conflict(connection, number);
    if (!conflict) throw Error(ErrorCode::not_found, fmt::format("conflict {}: no such record", number));
    if (conflict->resolved)
        throw Error(ErrorCode::not_found, fmt::format("conflict {}: it is resolved already", number));
    return std::move(*conflict);
}

void settle(EntityWriter& writer, const Conflict& conflict, std::int64_t now_ms) {
    store::mark_resolved(writer.connection(), conflict.number, now_ms);
    Event event;
    event.kind = EventKind::conflict_resolved;
    event.number = conflict.number;
    event.path = conflict.path;
    event.type = conflict.type;
    event.id = conflict.id;
    writer.publish(std::move(event));
}

// The record keeps two versions. A third one in their place would be kept nowhere once it is replaced.
void refuse_edited(Connection& connection, const Conflict& conflict, const base::ObjectId& wanted) {
    const EntityKey key{conflict.type, conflict.id};
    const auto head = store::find_head(connection, key);
    if (!head || head->hash == wanted) return;
    const std::string present = head->hash.hex();
    if (present == conflict.winner_hash || present == conflict.loser_hash) return;
    throw Error(ErrorCode::version_mismatch,
                fmt::format("conflict {}: {} was edited since; edit it as you want it, then take the winner",
                            conflict.number, store::key_text(key)),
                conflict.path);
}

void settle_with(store::StoreBody& body, std::int64_t number,
                 const std::function<const std::string&(const Conflict&)>& choose) {
    Conflict conflict;
    body.read([&](Connection& connection) { conflict = open_conflict(connection, number); });
    if (conflict.type.empty())
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("conflict {}: '{}' is no entity; write the file itself, then take the winner",
                                number, conflict.path),
                    conflict.path);
    const EntityKey key{conflict.type, conflict.id};
    const std::string& content = choose(conflict);
    const auto prepared = store::prepare_content(key, content);
    body.write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        open_conflict(writer.connection(), number);
        refuse_edited(writer.connection(), conflict, prepared.hash);
        store::check_content_limit(writer.connection(), key, content.size());
        writer.put(key, content, prepared.hash, prepared.metadata);
        settle(writer, conflict, body.clock().wall_ms());
    });
}

/// The loser's value of the key in the note as it is by now: what else was edited since stays.
void take_losers_key(store::StoreBody& body, std::int64_t number) {
    body.write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        const Conflict conflict = open_conflict(writer.connection(), number);
        const EntityKey key{conflict.type, conflict.id};
        const auto present = store::find_content(writer.connection(), key);
        const auto value = codec::get_key(conflict.loser_content, conflict.key);
        if (!present || !value ||
            codec::get_key(*present, conflict.key) != codec::get_key(conflict.winner_content, conflict.key)) {
            throw Error(
                ErrorCode::version_mismatch,
                fmt::format("conflict {}: \"{}\" of {} was edited since; edit it as you want it, then "
                            "take the winner",
                            number, conflict.key, store::key_text(key)),
                conflict.path);
        }
        const std::string content = codec::set_key(*present, conflict.key, *value);
        const auto prepared = store::prepare_content(key, content);
        store::check_content_limit(writer.connection(), key, content.size());
        writer.put(key, content, prepared.hash, prepared.metadata);
        settle(writer, conflict, body.clock().wall_ms());
    });
}

}  // namespace

std::vector<Conflict> EntityStore::conflicts(bool include_resolved) const {
    std::vector<Conflict> conflicts;
    body_->read(
        [&](Connection& connection) { conflicts = store::list_conflicts(connection, include_resolved); });
    return conflicts;
}

std::optional<Conflict> EntityStore::conflict(std::int64_t number) const {
    std::optional<Conflict> conflict;
    body_->read([&](Connection& connection) { conflict = store::find_conflict(connection, number); });
    return conflict;
}

void EntityStore::resolve_conflict(std::int64_t number, ConflictChoice choice) {
    if (choice == ConflictChoice::loser) {
        const auto known = conflict(number);
        if (known && !known->key.empty() && !known->resolved) return take_losers_key(*body_, number);
        settle_with(*body_, number,
                    [](const Conflict& conflict) -> const std::string& { return conflict.loser_content; });
        return;
    }
    body_->write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        settle(writer, open_conflict(writer.connection(), number), body_->clock().wall_ms());
    });
}

void EntityStore::resolve_conflict_with(std::int64_t number, const std::string& content) {
    settle_with(*body_, number, [&](const Conflict&) -> const std::string& { return content; });
}

std::vector<Held> EntityStore::held() const {
    std::vector<Held> held;
    body_->read([&](Connection& connection) { held = store::list_holds(connection); });
    return held;
}

std::int64_t EntityStore::confirm_deletions() {
    std::int64_t count = 0;
    body_->write(Origin::api, Durability::full,
                 [&](EntityWriter& writer) { count = store::confirm_held_deletions(writer.connection()); });
    if (count > 0) body_->call_change_listener();
    return count;
}

}  // namespace fluentsync
