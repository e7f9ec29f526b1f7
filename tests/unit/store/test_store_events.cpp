#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "base/object_id.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/event_loop.hpp"
#include "store/change_log.hpp"
#include "store/records.hpp"
#include "store/store_body.hpp"
#include "store_fixture.hpp"

using namespace fluentsync;
using namespace store_test;
using store::Durability;
using Writer = store::StoreBody::EntityWriter;

namespace {

// Counts calls of the change listener and can be waited for.
class Counter {
  public:
    void add() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    bool wait_for(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return count_ >= count; });
    }
    int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

bool is(const Event& event, EventKind kind, const std::string& id, std::int64_t version) {
    return event.kind == kind && event.type == "note" && event.id == id && event.version == version;
}

}  // namespace

TEST_CASE("every change is told once, in order; what changes nothing is not told") {
    TempFolder folder;
    EventLoop loop;
    EntityStore entities(loop, options_for(folder / "store.db"));
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    entities.put({"note", "a", "one"});
    entities.put({"note", "a", "one"});
    entities.put({"note", "a", "two"});
    entities.put_all({{"note", "a", "two"}, {"note", "b", "x"}});
    CHECK_THROWS(entities.transaction([](EntityTransaction& transaction) {
        transaction.put({"note", "never", "x"});
        throw std::runtime_error("stop");
    }));
    entities.remove({"note", "a"});
    entities.remove({"note", "a"});
    entities.put({"note", "end", "x"});
    REQUIRE(collector.wait_for(5));
    const auto events = collector.events();
    REQUIRE(events.size() == 5);
    CHECK(is(events[0], EventKind::entity_created, "a", 1));
    CHECK(is(events[1], EventKind::entity_updated, "a", 2));
    CHECK(is(events[2], EventKind::entity_created, "b", 1));
    CHECK(is(events[3], EventKind::entity_deleted, "a", 0));
    CHECK(is(events[4], EventKind::entity_created, "end", 1));
    for (const Event& event : events)
        CHECK(event.origin == Origin::api);
}

TEST_CASE("events carry the origin of their write, and come with what else it publishes") {
    TempFolder folder;
    EventLoop loop;
    EntityStore entities(loop, options_for(folder / "store.db"));
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    entities.body().write(Origin::file, Durability::full, [](Writer& writer) {
        writer.put({"note", "a"}, "x", base::hash_blob("x"), "{}");
    });
    entities.body().write(Origin::remote, Durability::full, [](Writer& writer) {
        Event event;
        event.kind = EventKind::conflict_resolved;
        event.number = 3;
        writer.publish(event);
        writer.erase({"note", "a"});
    });
    REQUIRE(collector.wait_for(3));
    const auto events = collector.events();
    CHECK(events[0].origin == Origin::file);
    CHECK(events[1].number == 3);
    CHECK(is(events[2], EventKind::entity_deleted, "a", 0));
    CHECK(events[2].origin == Origin::remote);
    entities.body().read([](store::Connection& c) { CHECK(store::pending_changes(c, 0, 10).at(0).by_api); });
}

TEST_CASE("a foreign write is told before our next one, and healed for everybody") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EventLoop loop;
    EntityStore entities(loop, options_for(path));
    entities.put({"note", "a", "one"});
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    raw(path, "UPDATE entities SET content = 'two' WHERE id = 'a'");
    entities.put({"note", "b", "x"});
    REQUIRE(collector.wait_for(2));
    const auto events = collector.events();
    CHECK(is(events[0], EventKind::entity_updated, "a", 2));
    CHECK(is(events[1], EventKind::entity_created, "b", 1));
    entities.body().look_for_foreign_writes();
    SQLite::Database other(path);
    CHECK(other.execAndGet("SELECT count(*) FROM entities WHERE hash IS NULL").getInt() == 0);
}

TEST_CASE("another process is noticed while this one is idle: event, listener, hash and metadata") {
    if (!have_shell()) {
        WARN("skipped: no sqlite3 shell");
        return;
    }
    TempFolder folder;
    const std::string path = folder / "store.db";
    EventLoop loop;
    EntityStore entities(loop, options_for(path));
    entities.put({"note", "a", "one"});
    Counter counter;
    entities.body().set_change_listener([&] { counter.add(); });
    Collector collector;
    const auto subscription = entities.subscribe(collector);

    CHECK(shell(
        path, "UPDATE entities SET content = '---' || char(10) || 'k: 1' || char(10) || '---' || char(10)"));
    REQUIRE(collector.wait_for(1));
    CHECK(is(collector.events()[0], EventKind::entity_updated, "a", 2));
    CHECK(collector.events()[0].origin == Origin::api);
    REQUIRE(counter.wait_for(1));
    // The look that told has healed in the same transaction.
    SQLite::Database other(path);
    CHECK(other.execAndGet("SELECT metadata FROM entities WHERE hash IS NOT NULL").getString() ==
          R"({"k":1})");

    // A process that changed named values alone calls the listener as well.
    const int before = counter.count();
    CHECK(shell(path, "INSERT INTO named_values VALUES('deletions_confirmed', '1')"));
    CHECK(counter.wait_for(before + 1));
    CHECK(collector.events().size() == 1);
    entities.body().set_change_listener({});
}

TEST_CASE("a commit that comes long after its log was written is noticed, and close does not wait for one") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EventLoop loop;
    EntityStore entities(loop, options_for(path));
    entities.put({"note", "a", "one"});
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    SQLite::Database other(path, SQLite::OPEN_READWRITE, 5000);
    // A tiny cache spills pages into the log before the commit, so the file's event comes early.
    other.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE");
    other.exec("UPDATE entities SET content = hex(zeroblob(1000000)) WHERE id = 'a'");
    other.exec("INSERT INTO entities(type, id, content) VALUES('note', 'b', hex(zeroblob(1000000)))");
    // A look of our own that has to wait for the commit.
    std::thread waiting([&] { entities.body().look_for_foreign_writes(); });
    other.exec("COMMIT");
    waiting.join();
    REQUIRE(collector.wait_for(2));

    other.exec("BEGIN IMMEDIATE; INSERT INTO named_values VALUES('x', '1')");
    std::thread stuck([&] { code_of([&] { entities.put({"note", "c", "x"}); }); });
    entities.close();
    stuck.join();
    other.exec("ROLLBACK");
}

TEST_CASE("a listener that writes does not call itself for ever") {
    TempFolder folder;
    const std::string path = folder / "store.db";
    EventLoop loop;
    EntityStore entities(loop, options_for(path));
    Counter counter;
    entities.body().set_change_listener([&] {
        entities.body().write(Origin::api, Durability::relaxed, [&](Writer& writer) {
            store::set_value(writer.connection(), "calls", std::to_string(counter.count()));
        });
        counter.add();
    });
    raw(path, "INSERT INTO named_values VALUES('x', '1')");
    REQUIRE(counter.wait_for(1));
    // Looks that follow find nothing new, however often they are made.
    const int calls = counter.count();
    for (int i = 0; i < 5; ++i)
        entities.body().look_for_foreign_writes();
    CHECK(counter.count() == calls);
    entities.body().set_change_listener({});
}

TEST_CASE("the listener is called when the log grew, and only then") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    int calls = 0;
    entities.body().set_change_listener([&] { ++calls; });
    entities.put({"note", "a", "one"});
    CHECK(calls == 1);
    entities.put({"note", "a", "one"});
    CHECK(calls == 1);
    CHECK_THROWS(entities.transaction([](EntityTransaction& transaction) {
        transaction.put({"note", "b", "x"});
        throw std::runtime_error("stop");
    }));
    CHECK(calls == 1);
    // It may take itself away.
    entities.body().set_change_listener([&] {
        ++calls;
        entities.body().set_change_listener({});
    });
    entities.remove({"note", "a"});
    entities.put({"note", "c", "x"});
    CHECK(calls == 2);
}

TEST_CASE("a listener that was taken away is not running") {
    TempFolder folder;
    EntityStore entities(options_for(folder / "store.db"));
    Counter entered;
    Counter go;
    std::atomic<bool> left{false};
    entities.body().set_change_listener([&] {
        entered.add();
        go.wait_for(1);
        left = true;
    });
    std::thread writer([&] { entities.put({"note", "a", "x"}); });
    REQUIRE(entered.wait_for(1));
    std::thread release([&] { go.add(); });
    entities.body().set_change_listener({});
    CHECK(left);
    release.join();
    writer.join();
}

TEST_CASE("resolving a conflict is told after what it changed") {
    TempFolder folder;
    EventLoop loop;
    EntityStore entities(loop, options_for(folder / "store.db"));
    Conflict conflict;
    conflict.path = "note/a.md";
    conflict.type = "note";
    conflict.id = "a";
    conflict.loser_content = "loser";
    std::int64_t number = 0;
    entities.body().write(Origin::api, Durability::full, [&](Writer& writer) {
        number = store::add_conflict(writer.connection(), conflict);
    });
    Collector collector;
    const auto subscription = entities.subscribe(collector);
    entities.resolve_conflict(number, ConflictChoice::loser);
    REQUIRE(collector.wait_for(2));
    CHECK(is(collector.events()[0], EventKind::entity_created, "a", 1));
    CHECK(collector.events()[1].kind == EventKind::conflict_resolved);
    CHECK(collector.events()[1].number == number);
}
