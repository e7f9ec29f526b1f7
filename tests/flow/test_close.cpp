// close() where it may not be called, and while somebody else holds the database.
#include <catch2/catch.hpp>

#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

class OnFirstBatch final : public Observer {
  public:
    explicit OnFirstBatch(std::function<void()> work) : work_(std::move(work)) {}
    void on_events(const std::vector<Event>&) override {
        if (auto work = std::exchange(work_, nullptr)) {
            work();
            done_.set_value();
        }
    }
    void wait() { done_.get_future().wait(); }

  private:
    std::function<void()> work_;
    std::promise<void> done_;
};

/// That close() failed is all that happened.
void goes_on(const Place& place, Workspace& workspace) {
    workspace.store().put({"note", "after", "after\n"});
    workspace.sync();
    CHECK(place.read("note/after.md") == "after\n");
    CHECK(drifts(workspace).empty());
}

}  // namespace

TEST_CASE("close: inside a transaction it is misuse and closes nothing") {
    Place place;
    Workspace workspace(place.options);
    ErrorCode code = ErrorCode::ok;
    workspace.store().transaction([&](EntityTransaction& transaction) {
        transaction.put({"note", "a", "text\n"});
        const auto close = GENERATE(0, 1, 2);
        code = code_of([&] {
            if (close == 0) workspace.close();
            if (close == 1) workspace.git().close();
            if (close == 2) workspace.directory().close();
        });
    });
    CHECK(code == ErrorCode::misuse);
    goes_on(place, workspace);
}

TEST_CASE("close: on the workspace's own loop it is misuse and closes nothing") {
    Place place;
    Workspace workspace(place.options);
    ErrorCode code = ErrorCode::ok;
    OnFirstBatch observer([&] { code = code_of([&] { workspace.close(); }); });
    const auto subscription = workspace.subscribe(observer);
    workspace.store().put({"note", "a", "text\n"});
    observer.wait();
    CHECK(code == ErrorCode::misuse);
    goes_on(place, workspace);
}

TEST_CASE("close: a workspace may be destroyed on its own loop") {
    Place place;
    auto workspace = std::make_unique<Workspace>(place.options);
    OnFirstBatch observer([&] { workspace.reset(); });
    const auto subscription = workspace->subscribe(observer);
    workspace->store().put({"note", "a", "text\n"});
    observer.wait();
    CHECK(Workspace(place.options).store().count() == 1);
}

TEST_CASE("close: whoever holds the database meanwhile does not keep it [trap-51]") {
    Place place;
    EntityStore other(place.options.store);
    // Until an import was in the middle of its wait for the other: only such a one ends with `busy`.
    for (ErrorCode code = ErrorCode::ok; code != ErrorCode::busy;) {
        Workspace workspace(place.options);
        workspace.sync();
        std::thread importer;
        other.transaction([&](EntityTransaction&) {
            place.write("note/a.md", "text of a moment\n");
            std::promise<void> begun;
            importer = std::thread([&] {
                begun.set_value();
                code = code_of([&] { workspace.directory().import_all(); });
            });
            begun.get_future().wait();
            std::this_thread::yield();
            const auto begin = std::chrono::steady_clock::now();
            workspace.close();
            CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
        });
        importer.join();
    }
    Workspace again(place.options);
    again.sync();
    CHECK(content_of(again, "note", "a") == "text of a moment\n");
    CHECK(drifts(again).empty());
}

TEST_CASE("close: an event loop is not closed beneath a workspace, which goes on") {
    Place place;
    EventLoop loop;
    EventLog log;
    Workspace workspace(loop, place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    REQUIRE(code_of([&] { loop.close(); }) == ErrorCode::misuse);
    workspace.store().put({"note", "a", "text\n"});
    REQUIRE(log.wait_for(EventKind::file_exported));
    CHECK(place.read("note/a.md") == "text\n");
    workspace.close();
    loop.close();
    CHECK(code_of([&] { const Workspace late(loop, place.options); }) == ErrorCode::closed);
}

TEST_CASE("close: each part that is open keeps its event loop") {
    Place place;
    EventLoop loop;
    EntityStore store(loop, place.options.store);
    DirectorySync directory(loop, store, place.options.directory);
    GitSync git(loop, store, directory, place.options.git);
    const auto refused = [&] { return code_of([&] { loop.close(); }) == ErrorCode::misuse; };
    git.close();
    CHECK(refused());
    directory.close();
    CHECK(refused());
    store.close();
    store.close();
    loop.close();
}

TEST_CASE("close: an event loop that is destroyed too early ends with the last that is open on it") {
    Place place;
    auto loop = std::make_unique<EventLoop>();
    EventLog log;
    Workspace workspace(*loop, place.options);
    const auto subscription = workspace.subscribe(log);
    workspace.start();
    loop.reset();
    workspace.store().put({"note", "a", "text\n"});
    REQUIRE(log.wait_for(EventKind::file_exported));
    goes_on(place, workspace);
}

}  // namespace fluentsync::flow
