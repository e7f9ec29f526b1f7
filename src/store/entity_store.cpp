#include "fluentsync/entity_store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <thread>
#include <utility>

#include "base/event_scope.hpp"
#include "fluentsync/event_loop.hpp"
#include "store/content_limit.hpp"
#include "store/entity_table.hpp"
#include "store/prepared_content.hpp"
#include "store/sqlite_error.hpp"
#include "store/store_body.hpp"

namespace fluentsync {
namespace {

using store::Connection;
using store::Durability;
using store::key_text;
using EntityWriter = store::StoreBody::EntityWriter;

EntityKey key_of(const EntityDraft& draft) {
    return {draft.type, draft.id};
}

// What another process wrote a moment ago may still lack the metadata that a filter looks at.
void heal_for_filters(store::StoreBody& body) {
    bool due = false;
    if (body.database().read_only()) return;
    body.read([&](Connection& connection) { due = store::needs_healing(connection); });
    if (due) body.look_for_foreign_writes();
}

class Transaction final : public EntityTransaction {
  public:
    explicit Transaction(EntityWriter& writer) : writer_(writer) {}

    PutResult put(const EntityDraft& draft, const PutOptions& options) override {
        const EntityKey key = key_of(draft);
        return within([&] {
            const auto prepared = store::prepare_content(key, draft.content);
            store::check_content_limit(writer_.connection(), key, draft.content.size());
            return writer_.put(key, draft.content, prepared.hash, prepared.metadata,
                               options.expected_version);
        });
    }
    bool remove(const EntityKey& key, const PutOptions& options) override {
        return within([&] { return writer_.erase(key, options.expected_version); });
    }
    std::optional<Entity> get(const EntityKey& key) override {
        return within([&] { return store::find_entity(writer_.connection(), key); });
    }

  private:
    // A host may catch what a call throws and go on. Where SQLite rolled back by itself (no space, say), what
    // came next would stand alone, outside of any transaction.
    template <typename Work>
    auto within(const Work& work) -> decltype(work()) {
        check_thread();
        auto& database = writer_.connection().raw();
        if (sqlite3_get_autocommit(database.getHandle()) != 0)
            throw Error(ErrorCode::io,
                        "the transaction is over: a write in it failed and undid it; begin it anew",
                        database.getFilename());
        return store::translated(database.getFilename(), work);
    }
    void check_thread() const {
        if (std::this_thread::get_id() != thread_)
            throw Error(ErrorCode::misuse, "a transaction was used on another thread than its own");
    }

    EntityWriter& writer_;
    const std::thread::id thread_ = std::this_thread::get_id();
};

}  // namespace

EntityStore::EntityStore(EventLoop& loop, const StoreOptions& options)
    : body_(std::make_unique<store::StoreBody>(loop.body(), options)) {}

EntityStore::EntityStore(const StoreOptions& options)
    : body_(std::make_unique<store::StoreBody>(nullptr, options)) {}

EntityStore::~EntityStore() = default;

PutResult EntityStore::create(const EntityDraft& draft) {
    const EntityKey key = key_of(draft);
    const auto prepared = store::prepare_content(key, draft.content);
    PutResult result;
    body_->write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        if (store::find_head(writer.connection(), key))
            throw Error(ErrorCode::already_exists,
                        fmt::format("{}: there is such an entity; use put() to replace it", key_text(key)));
        store::check_content_limit(writer.connection(), key, draft.content.size());
        result = writer.put(key, draft.content, prepared.hash, prepared.metadata);
    });
    return result;
}

PutResult EntityStore::put(const EntityDraft& draft, const PutOptions& options) {
    const EntityKey key = key_of(draft);
    const auto prepared = store::prepare_content(key, draft.content);
    PutResult result;
    body_->write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        store::check_content_limit(writer.connection(), key, draft.content.size());
        result = writer.put(key, draft.content, prepared.hash, prepared.metadata, options.expected_version);
    });
    return result;
}

std::int64_t EntityStore::put_all(const std::vector<EntityDraft>& drafts) {
    std::vector<store::PreparedContent> prepared;
    prepared.reserve(drafts.size());
    for (const EntityDraft& draft : drafts)
        prepared.push_back(store::prepare_content(key_of(draft), draft.content));
    std::int64_t changed = 0;
    body_->write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        for (std::size_t i = 0; i < drafts.size(); ++i) {
            store::check_content_limit(writer.connection(), key_of(drafts[i]), drafts[i].content.size());
            const auto result =
                writer.put(key_of(drafts[i]), drafts[i].content, prepared[i].hash, prepared[i].metadata);
            if (result.changed) ++changed;
        }
    });
    return changed;
}

std::optional<Entity> EntityStore::get(const EntityKey& key) const {
    std::optional<Entity> entity;
    body_->read([&](Connection& connection) { entity = store::find_entity(connection, key); });
    return entity;
}

bool EntityStore::remove(const EntityKey& key, const PutOptions& options) {
    bool removed = false;
    body_->write(Origin::api, Durability::full,
                 [&](EntityWriter& writer) { removed = writer.erase(key, options.expected_version); });
    return removed;
}

std::vector<Entity> EntityStore::list(const Query& query) const {
    std::vector<Entity> entities;
    if (!query.filters.empty()) heal_for_filters(*body_);
    body_->read([&](Connection& connection) { entities = store::list_entities(connection, query); });
    return entities;
}

std::int64_t EntityStore::count(const Query& query) const {
    std::int64_t count = 0;
    if (!query.filters.empty()) heal_for_filters(*body_);
    body_->read([&](Connection& connection) { count = store::count_entities(connection, query); });
    return count;
}

std::vector<std::string> EntityStore::types() const {
    std::vector<std::string> types;
    body_->read([&](Connection& connection) { types = store::list_types(connection); });
    return types;
}

void EntityStore::transaction(const std::function<void(EntityTransaction&)>& work) {
    body_->write(Origin::api, Durability::full, [&](EntityWriter& writer) {
        Transaction transaction(writer);
        work(transaction);
    });
}

Subscription EntityStore::subscribe(Observer& observer) {
    return body_->hub()->subscribe(observer, [](const Event& event) {
        return base::told_by_store(event.kind) || event.code == ErrorCode::database_gone;
    });
}

void EntityStore::close() {
    body_->close();
}

}  // namespace fluentsync
