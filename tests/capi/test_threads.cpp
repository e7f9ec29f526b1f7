// Callbacks, threads and processes where they should not meet, and where they may.
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <future>
#include <thread>

#include "bare_remote.hpp"
#include "http_git_server.hpp"
#include "support.hpp"

namespace fluentsync::ctest {

using support::TempFolder;

namespace {

/// Runs `work` on the loop's thread and returns what it gave.
template <class Work>
int on_loop_thread(fluentsync_loop* loop, Work work) {
    struct Job {
        Work work;
        std::promise<int> done;
    } job{work, {}};
    const auto run = [](void* userdata) {
        auto& asked = *static_cast<Job*>(userdata);
        asked.done.set_value(asked.work());
    };
    REQUIRE(fluentsync_loop_post(loop, run, &job, nullptr, nullptr) == FLUENTSYNC_OK);
    return job.done.get_future().get();
}

/// Runs `work` in a forked child; its exit code. Forks while the other threads are at rest.
template <class Work>
int in_child(const Work& work) {
    while (!others_sleep())
        std::this_thread::yield();
    const pid_t child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("capi threads: a loop with a thread of its own is not closed on it") {
    const NothingLeft nothing_left;
    auto* loop = open_loop();
    CHECK(on_loop_thread(loop, [&] { return fluentsync_loop_close(loop, nullptr); }) == FLUENTSYNC_MISUSE);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: a task that comes too late is freed and not run") {
    const NothingLeft nothing_left;
    auto* loop = open_loop();
    std::promise<void> entered;
    std::promise<void> may_end;
    struct Both {
        std::promise<void>& entered;
        std::future<void> may_end;
    } both{entered, may_end.get_future()};
    const auto block = [](void* userdata) {
        static_cast<Both*>(userdata)->entered.set_value();
        static_cast<Both*>(userdata)->may_end.wait();
    };
    REQUIRE(fluentsync_loop_post(loop, block, &both, nullptr, nullptr) == FLUENTSYNC_OK);
    entered.get_future().wait();
    Freed freed;
    REQUIRE(fluentsync_loop_post(
                loop, [](void*) {}, &freed, Freed::free, nullptr) == FLUENTSYNC_OK);
    std::thread closer([&] { fluentsync_loop_close(loop, nullptr); });
    may_end.set_value();
    closer.join();
    CHECK(freed.times == 1);  // Run or not: freed once.
    CHECK(fluentsync_loop_post(
              loop, [](void*) {}, &freed, Freed::free, nullptr) == FLUENTSYNC_CLOSED);
    CHECK(freed.times == 2);
}

TEST_CASE("capi threads: a lent loop closes on its own thread alone") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    uv_loop_t host;
    REQUIRE(uv_loop_init(&host) == 0);
    // A handle of the host's: a loop without one does not turn.
    uv_async_t alive;
    REQUIRE(uv_async_init(&host, &alive, nullptr) == 0);
    fluentsync_loop* loop = nullptr;
    REQUIRE(fluentsync_loop_lend(&host, &loop, nullptr) == FLUENTSYNC_OK);
    auto* workspace = open_workspace(folder, loop, "null");
    int heard = 0;
    const auto hear = [](void* userdata, const fluentsync_event_batch*) { ++*static_cast<int*>(userdata); };
    fluentsync_subscription* subscription = nullptr;
    REQUIRE(fluentsync_workspace_subscribe(workspace, hear, &heard, nullptr, &subscription, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(put(store_of(workspace), "a", "one") == FLUENTSYNC_OK);
    while (heard == 0)
        uv_run(&host, UV_RUN_ONCE);
    CHECK(fluentsync_subscription_close(subscription, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
    int status = FLUENTSYNC_OK;
    std::thread([&] { status = fluentsync_loop_close(loop, nullptr); }).join();
    CHECK(status == FLUENTSYNC_MISUSE);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
    uv_close(reinterpret_cast<uv_handle_t*>(&alive), nullptr);
    uv_run(&host, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&host) == 0);
}

TEST_CASE("capi threads: the loop's thread does not wait for events that it brings itself") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* loop = open_loop();
    auto* store = open_store(folder, loop);
    fluentsync_events* events = nullptr;
    REQUIRE(fluentsync_store_events(store, 0, &events, nullptr) == FLUENTSYNC_OK);
    const auto next = [&](std::int64_t timeout) {
        return on_loop_thread(loop, [=] {
            fluentsync_event_batch* batch = nullptr;
            const int status = fluentsync_events_next(events, 0, timeout, &batch, nullptr);
            fluentsync_event_batch_free(batch);
            return status;
        });
    };
    CHECK(next(FLUENTSYNC_FOREVER) == FLUENTSYNC_MISUSE);
    CHECK(next(5) == FLUENTSYNC_MISUSE);
    CHECK(next(0) == FLUENTSYNC_OK);
    CHECK(fluentsync_events_close(events, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: a directory's events come by its store's loop, which alone cannot wait for them") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* stores = open_loop();
    auto* others = open_loop();
    auto* store = open_store(folder, stores);
    fluentsync_directory* directory = nullptr;
    const auto options = R"({"syncPath": ")" + folder / "files" + "\"}";
    REQUIRE(fluentsync_directory_open(others, store, TEXT(options), &directory, nullptr) == FLUENTSYNC_OK);
    fluentsync_events* events = nullptr;
    REQUIRE(fluentsync_directory_events(directory, 0, &events, nullptr) == FLUENTSYNC_OK);
    const auto next = [=] {
        fluentsync_event_batch* batch = nullptr;
        const int status = fluentsync_events_next(events, 0, 1, &batch, nullptr);
        fluentsync_event_batch_free(batch);
        return status;
    };
    CHECK(on_loop_thread(stores, next) == FLUENTSYNC_MISUSE);
    CHECK(on_loop_thread(others, next) == FLUENTSYNC_OK);
    CHECK(fluentsync_events_close(events, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_directory_close(directory, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(others, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(stores, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: an events callback may come back, even close what it hears by") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* workspace = open_workspace(folder);
    struct Host {
        fluentsync_workspace* workspace;
        fluentsync_subscription* subscription = nullptr;
        std::promise<void> done;
        int close_workspace = -1;
        int put = -1;
        int close_itself = -1;
        int again = -1;
    } host;
    host.workspace = workspace;
    const auto hear = [](void* userdata, const fluentsync_event_batch*) {
        auto& self = *static_cast<Host*>(userdata);
        self.close_workspace = fluentsync_workspace_close(self.workspace, nullptr);
        self.put = ctest::put(store_of(self.workspace), "b", "from the callback");
        self.close_itself = fluentsync_subscription_close(self.subscription, nullptr);
        self.again = fluentsync_subscription_close(self.subscription, nullptr);
        self.done.set_value();
    };
    REQUIRE(fluentsync_workspace_subscribe(workspace, hear, &host, nullptr, &host.subscription, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(put(store_of(workspace), "a", "one") == FLUENTSYNC_OK);
    host.done.get_future().wait();
    CHECK(host.close_workspace == FLUENTSYNC_MISUSE);
    CHECK(host.put == FLUENTSYNC_OK);
    CHECK(host.close_itself == FLUENTSYNC_OK);
    CHECK(host.again == FLUENTSYNC_CLOSED);
    CHECK(content_of(store_of(workspace), "b") == "from the callback");
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: a ready callback may pull, and close its own queue") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* loop = open_loop();
    auto* store = open_store(folder, loop);
    struct Host {
        fluentsync_events* events = nullptr;
        std::promise<std::size_t> pulled;
        int closed = -1;
    } host;
    REQUIRE(fluentsync_store_events(store, 0, &host.events, nullptr) == FLUENTSYNC_OK);
    const auto ready = [](void* userdata) {
        auto& self = *static_cast<Host*>(userdata);
        fluentsync_event_batch* batch = nullptr;
        fluentsync_events_next(self.events, 0, 0, &batch, nullptr);
        const auto size = fluentsync_event_batch_size(batch);
        fluentsync_event_batch_free(batch);
        self.closed = fluentsync_events_close(self.events, nullptr);
        self.pulled.set_value(size);
    };
    REQUIRE(fluentsync_events_on_ready(host.events, ready, &host, nullptr, nullptr) == FLUENTSYNC_OK);
    REQUIRE(put(store, "a", "one") == FLUENTSYNC_OK);
    CHECK(host.pulled.get_future().get() == 1);
    CHECK(host.closed == FLUENTSYNC_OK);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: inside a transaction only the transaction") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* workspace = open_workspace(folder, nullptr, "null");
    struct Host {
        fluentsync_workspace* workspace;
        fluentsync_store* store;
        std::vector<int> statuses;
    } host{workspace, store_of(workspace), {}};
    const auto work = [](void* userdata, fluentsync_transaction* transaction) {
        auto& self = *static_cast<Host*>(userdata);
        std::int64_t count = 0;
        fluentsync_string* status = nullptr;
        self.statuses = {fluentsync_store_count(self.store, nullptr, 0, &count, nullptr),
                         put(self.store, "x", "x"), fluentsync_workspace_sync(self.workspace, nullptr),
                         fluentsync_workspace_status(self.workspace, &status, nullptr),
                         fluentsync_workspace_close(self.workspace, nullptr)};
        std::thread([&] {
            self.statuses.push_back(
                fluentsync_transaction_remove(transaction, "note", 4, "a", 1, -1, nullptr, nullptr));
        }).join();
        return fluentsync_transaction_put(transaction, "note", 4, "a", 1, "one", 3, 0, nullptr, nullptr);
    };
    CHECK(fluentsync_store_transaction(host.store, work, &host, nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(host.statuses == std::vector<int>(6, FLUENTSYNC_MISUSE));
    CHECK(content_of(host.store, "a") == "one");
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: a credentials callback answers, and uses no handle") {
    if (!support::HttpGitServer::available()) {
        WARN("skipped: there is no python3");
        return;
    }
    const NothingLeft nothing_left;
    const TempFolder folder;
    const support::BareRemote remote;
    const support::HttpGitServer server(remote.base(), "ada", "secret");
    struct Host {
        fluentsync_git* git = nullptr;
        std::string url;
        int attempt = 0;
        int status = FLUENTSYNC_OK;
        bool answers = false;
        std::string excuse;
    } host;
    const auto ask = [](void* userdata, fluentsync_credentials* credentials) {
        auto& self = *static_cast<Host*>(userdata);
        fluentsync_string* status = nullptr;
        self.status = fluentsync_git_status(self.git, &status, nullptr);
        self.url = fluentsync_credentials_url(credentials, nullptr);
        self.attempt = fluentsync_credentials_attempt(credentials);
        if (self.answers)
            fluentsync_credentials_answer(credentials, FLUENTSYNC_LITERAL("ada"),
                                          FLUENTSYNC_LITERAL("secret"), nullptr);
        else if (!self.excuse.empty())
            fluentsync_credentials_fail(credentials, TEXT(self.excuse), nullptr);
    };
    fluentsync_workspace* workspace = nullptr;
    const auto options = R"({"store": {"path": ")" + folder / "a.db" + R"("}, "directory": {"syncPath": ")" +
                         folder / "a" + R"("}, "git": {"remote": ")" + server.url(remote.name()) + "\"}}";
    REQUIRE(fluentsync_workspace_open(nullptr, TEXT(options), ask, &host, nullptr, &workspace, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(fluentsync_workspace_git(workspace, &host.git, nullptr) == FLUENTSYNC_OK);
    REQUIRE(put(store_of(workspace), "a", "one") == FLUENTSYNC_OK);
    CHECK(fluentsync_workspace_sync(workspace, nullptr) == FLUENTSYNC_AUTHENTICATION);
    CHECK(host.status == FLUENTSYNC_MISUSE);
    CHECK(host.attempt == 1);
    CHECK(host.url == server.url(remote.name()));
    host.excuse = "the keyring is locked";
    Failure locked;
    CHECK(fluentsync_workspace_sync(workspace, locked.out()) == FLUENTSYNC_AUTHENTICATION);
    CHECK(locked.message().find("wants credentials") != std::string::npos);
    CHECK(locked.message().find(host.excuse) != std::string::npos);
    host.answers = true;
    Failure failure;
    CHECK(fluentsync_workspace_sync(workspace, failure.out()) == FLUENTSYNC_OK);
    INFO(failure.message());
    CHECK(remote.tip("main").size() == 40);
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi threads: a forked child is refused its parent's handles, and opens its own") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* workspace = open_workspace(folder);
    auto* store = store_of(workspace);
    REQUIRE(put(store, "a", "one") == FLUENTSYNC_OK);
    REQUIRE(fluentsync_workspace_sync(workspace, nullptr) == FLUENTSYNC_OK);  // the parent is at rest
    CHECK(in_child([&] {
              std::int64_t count = 0;
              if (fluentsync_store_count(store, nullptr, 0, &count, nullptr) != FLUENTSYNC_MISUSE) return 1;
              if (fluentsync_workspace_close(workspace, nullptr) != FLUENTSYNC_MISUSE) return 2;
              fluentsync_store* own = nullptr;
              const auto options = R"({"path": ")" + folder / "child.db" + "\"}";
              if (fluentsync_store_open(nullptr, TEXT(options), &own, nullptr) != FLUENTSYNC_OK) return 3;
              if (put(own, "a", "the child's") != FLUENTSYNC_OK) return 4;
              if (fluentsync_store_close(own, nullptr) != FLUENTSYNC_OK) return 5;
              return fluentsync_live_objects() == 0 ? 0 : 6;
          }) == 0);
    CHECK(content_of(store, "a") == "one");
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
}

}  // namespace fluentsync::ctest
