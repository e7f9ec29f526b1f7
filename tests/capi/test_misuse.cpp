// Wrong use is an error and no crash: NULL, stale and foreign handles, strings, options, parts that others
// stand on.
#include <filesystem>
#include <functional>

#include "support.hpp"

namespace fluentsync::ctest {

using support::TempFolder;

namespace {

/// One call for each function that takes a handle first, with that handle and nothing else that is of use.
struct Calls {
    fluentsync_error** error;
    std::vector<std::function<int(fluentsync_loop*)>> of_loop{
        [this](auto* h) {
            return fluentsync_loop_post(
                h, [](void*) {}, nullptr, nullptr, error);
        },
        [this](auto* h) { return fluentsync_loop_on_thread(h, &number, error); },
        [this](auto* h) { return fluentsync_loop_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_store*)>> of_store{
        [this](auto* h) { return fluentsync_store_create(h, "t", 1, "i", 1, "c", 1, nullptr, error); },
        [this](auto* h) { return fluentsync_store_put(h, "t", 1, "i", 1, "c", 1, -1, nullptr, error); },
        [this](auto* h) { return fluentsync_store_get(h, "t", 1, "i", 1, &entity, error); },
        [this](auto* h) { return fluentsync_store_remove(h, "t", 1, "i", 1, -1, nullptr, error); },
        [this](auto* h) {
            return fluentsync_store_set_metadata(h, "t", 1, "i", 1, "n", 1, "1", 1, -1, nullptr, error);
        },
        [this](auto* h) {
            return fluentsync_store_remove_metadata(h, "t", 1, "i", 1, "n", 1, -1, nullptr, error);
        },
        [this](auto* h) { return fluentsync_store_list(h, nullptr, 0, &list, error); },
        [this](auto* h) { return fluentsync_store_count(h, nullptr, 0, &count, error); },
        [this](auto* h) { return fluentsync_store_types(h, &string, error); },
        [this](auto* h) {
            return fluentsync_store_transaction(
                h, [](void*, fluentsync_transaction*) { return 0; }, nullptr, nullptr, error);
        },
        [this](auto* h) { return fluentsync_store_conflicts(h, 0, &conflicts, error); },
        [this](auto* h) { return fluentsync_store_conflict(h, 1, &conflict, error); },
        [this](auto* h) { return fluentsync_store_resolve(h, 1, FLUENTSYNC_TAKE_LOSER, error); },
        [this](auto* h) { return fluentsync_store_resolve_with(h, 1, "c", 1, error); },
        [this](auto* h) { return fluentsync_store_held(h, &string, error); },
        [this](auto* h) { return fluentsync_store_confirm_deletions(h, &count, error); },
        [this](auto* h) { return fluentsync_store_events(h, 0, &events, error); },
        [this](auto* h) {
            return fluentsync_store_subscribe(
                h, [](void*, const fluentsync_event_batch*) {}, nullptr, nullptr, &subscription, error);
        },
        [this](auto* h) { return fluentsync_store_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_directory*)>> of_directory{
        [this](auto* h) { return fluentsync_directory_start(h, error); },
        [this](auto* h) { return fluentsync_directory_stop(h, error); },
        [this](auto* h) { return fluentsync_directory_flush(h, error); },
        [this](auto* h) { return fluentsync_directory_export_all(h, nullptr, error); },
        [this](auto* h) { return fluentsync_directory_import_all(h, nullptr, error); },
        [this](auto* h) { return fluentsync_directory_confirm_deletions(h, nullptr, error); },
        [this](auto* h) { return fluentsync_directory_status(h, &string, error); },
        [this](auto* h) { return fluentsync_directory_events(h, 0, &events, error); },
        [this](auto* h) {
            return fluentsync_directory_subscribe(
                h, [](void*, const fluentsync_event_batch*) {}, nullptr, nullptr, &subscription, error);
        },
        [this](auto* h) { return fluentsync_directory_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_git*)>> of_git{
        [this](auto* h) { return fluentsync_git_start(h, error); },
        [this](auto* h) { return fluentsync_git_stop(h, error); },
        [this](auto* h) { return fluentsync_git_commit(h, nullptr, 0, nullptr, error); },
        [this](auto* h) { return fluentsync_git_pull(h, nullptr, error); },
        [this](auto* h) { return fluentsync_git_push(h, nullptr, error); },
        [this](auto* h) { return fluentsync_git_sync(h, error); },
        [this](auto* h) { return fluentsync_git_status(h, &string, error); },
        [this](auto* h) { return fluentsync_git_events(h, 0, &events, error); },
        [this](auto* h) {
            return fluentsync_git_subscribe(
                h, [](void*, const fluentsync_event_batch*) {}, nullptr, nullptr, &subscription, error);
        },
        [this](auto* h) { return fluentsync_git_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_workspace*)>> of_workspace{
        [this](auto* h) { return fluentsync_workspace_store(h, &store, error); },
        [this](auto* h) { return fluentsync_workspace_directory(h, &directory, error); },
        [this](auto* h) { return fluentsync_workspace_git(h, &git, error); },
        [this](auto* h) { return fluentsync_workspace_start(h, error); },
        [this](auto* h) { return fluentsync_workspace_stop(h, error); },
        [this](auto* h) { return fluentsync_workspace_sync(h, error); },
        [this](auto* h) { return fluentsync_workspace_status(h, &string, error); },
        [this](auto* h) { return fluentsync_workspace_verify(h, &string, error); },
        [this](auto* h) { return fluentsync_workspace_events(h, 0, &events, error); },
        [this](auto* h) {
            return fluentsync_workspace_subscribe(
                h, [](void*, const fluentsync_event_batch*) {}, nullptr, nullptr, &subscription, error);
        },
        [this](auto* h) { return fluentsync_workspace_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_events*)>> of_events{
        [this](auto* h) { return fluentsync_events_next(h, 0, FLUENTSYNC_FOREVER, &batch, error); },
        [this](auto* h) { return fluentsync_events_fd(h, &number, error); },
        [this](auto* h) { return fluentsync_events_on_ready(h, nullptr, nullptr, nullptr, error); },
        [this](auto* h) { return fluentsync_events_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_subscription*)>> of_subscription{
        [this](auto* h) { return fluentsync_subscription_close(h, error); },
    };
    std::vector<std::function<int(fluentsync_transaction*)>> of_transaction{
        [this](auto* h) { return fluentsync_transaction_put(h, "t", 1, "i", 1, "c", 1, -1, nullptr, error); },
        [this](auto* h) { return fluentsync_transaction_get(h, "t", 1, "i", 1, &entity, error); },
        [this](auto* h) { return fluentsync_transaction_remove(h, "t", 1, "i", 1, -1, nullptr, error); },
    };

    int number = 0;
    std::int64_t count = 0;
    fluentsync_string* string = nullptr;
    fluentsync_entity* entity = nullptr;
    fluentsync_entity_list* list = nullptr;
    fluentsync_conflict* conflict = nullptr;
    fluentsync_conflict_list* conflicts = nullptr;
    fluentsync_event_batch* batch = nullptr;
    fluentsync_events* events = nullptr;
    fluentsync_subscription* subscription = nullptr;
    fluentsync_store* store = nullptr;
    fluentsync_directory* directory = nullptr;
    fluentsync_git* git = nullptr;
};

/// Every function of the list gives `status` for `handle`, and nothing else.
template <class Handle>
void all_give(const std::vector<std::function<int(Handle*)>>& functions, Handle* handle, int status) {
    for (std::size_t i = 0; i < functions.size(); ++i) {
        INFO("function " << i);
        CHECK(functions[i](handle) == status);
    }
}

template <class Handle>
Handle* as(std::uintptr_t bits) {
    return reinterpret_cast<Handle*>(bits);  // NOLINT(performance-no-int-to-ptr)
}

template <class Handle>
void never_a_handle(const std::vector<std::function<int(Handle*)>>& functions, void* foreign) {
    int on_stack = 0;
    all_give(functions, static_cast<Handle*>(nullptr), FLUENTSYNC_INVALID_ARGUMENT);
    all_give(functions, static_cast<Handle*>(foreign), FLUENTSYNC_MISUSE);
    all_give(functions, reinterpret_cast<Handle*>(&on_stack), FLUENTSYNC_MISUSE);
    all_give(functions, as<Handle>(1), FLUENTSYNC_MISUSE);
    all_give(functions, as<Handle>(UINTPTR_MAX), FLUENTSYNC_MISUSE);
}

}  // namespace

TEST_CASE("capi misuse: NULL and what never was a handle") {
    const NothingLeft nothing_left;
    const Calls calls{nullptr};
    const TempFolder folder;
    auto* store = open_store(folder);
    fluentsync_loop* loop = nullptr;
    REQUIRE(fluentsync_loop_open(&loop, nullptr) == FLUENTSYNC_OK);
    never_a_handle(calls.of_loop, store);
    never_a_handle(calls.of_store, loop);
    never_a_handle(calls.of_directory, loop);
    never_a_handle(calls.of_git, loop);
    never_a_handle(calls.of_workspace, loop);
    never_a_handle(calls.of_events, loop);
    never_a_handle(calls.of_subscription, loop);
    never_a_handle(calls.of_transaction, loop);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi misuse: use after close, and closing twice") {
    const NothingLeft nothing_left;
    const Calls calls{nullptr};
    const TempFolder folder;
    auto* workspace = open_workspace(folder);
    auto* store = store_of(workspace);
    fluentsync_directory* directory = nullptr;
    fluentsync_git* git = nullptr;
    fluentsync_events* events = nullptr;
    fluentsync_subscription* subscription = nullptr;
    REQUIRE(fluentsync_workspace_directory(workspace, &directory, nullptr) == FLUENTSYNC_OK);
    REQUIRE(fluentsync_workspace_git(workspace, &git, nullptr) == FLUENTSYNC_OK);
    REQUIRE(fluentsync_workspace_events(workspace, 0, &events, nullptr) == FLUENTSYNC_OK);
    REQUIRE(fluentsync_workspace_subscribe(
                workspace, [](void*, const fluentsync_event_batch*) {}, nullptr, nullptr, &subscription,
                nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_live_objects() == 3);
    REQUIRE(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
    all_give(calls.of_workspace, workspace, FLUENTSYNC_CLOSED);
    all_give(calls.of_store, store, FLUENTSYNC_CLOSED);
    all_give(calls.of_directory, directory, FLUENTSYNC_CLOSED);
    all_give(calls.of_git, git, FLUENTSYNC_CLOSED);
    CHECK(fluentsync_events_close(events, nullptr) == FLUENTSYNC_OK);
    all_give(calls.of_events, events, FLUENTSYNC_CLOSED);
    CHECK(fluentsync_subscription_close(subscription, nullptr) == FLUENTSYNC_OK);
    all_give(calls.of_subscription, subscription, FLUENTSYNC_CLOSED);
    fluentsync_loop* loop = nullptr;
    REQUIRE(fluentsync_loop_open(&loop, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
    all_give(calls.of_loop, loop, FLUENTSYNC_CLOSED);
}

TEST_CASE("capi misuse: a transaction ends with its callback") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* store = open_store(folder);
    fluentsync_transaction* kept = nullptr;
    const auto keep = [](void* userdata, fluentsync_transaction* transaction) {
        *static_cast<fluentsync_transaction**>(userdata) = transaction;
        return 0;
    };
    REQUIRE(fluentsync_store_transaction(store, keep, &kept, nullptr, nullptr) == FLUENTSYNC_OK);
    all_give(Calls{nullptr}.of_transaction, kept, FLUENTSYNC_CLOSED);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi misuse: nothing is closed under those who stand on it") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    fluentsync_loop* loop = nullptr;
    fluentsync_directory* directory = nullptr;
    fluentsync_git* git = nullptr;
    Failure failure;
    REQUIRE(fluentsync_loop_open(&loop, nullptr) == FLUENTSYNC_OK);
    auto* store = open_store(folder, loop);
    const auto options = R"({"syncPath": ")" + folder / "files" + "\"}";
    REQUIRE(fluentsync_directory_open(loop, store, TEXT(options), &directory, nullptr) == FLUENTSYNC_OK);
    REQUIRE(fluentsync_git_open(loop, store, directory, TEXT("{}"), nullptr, nullptr, nullptr, &git,
                                nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_directory_close(directory, nullptr) == FLUENTSYNC_MISUSE);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_MISUSE);
    CHECK(fluentsync_loop_close(loop, failure.out()) == FLUENTSYNC_MISUSE);
    CHECK(failure.message().find('3') != std::string::npos);
    REQUIRE(put(store, "still", "open") == FLUENTSYNC_OK);
    CHECK(fluentsync_git_close(git, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_directory_close(directory, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_store_open(loop, TEXT(R"({"path": "x.db"})"), &store, nullptr) == FLUENTSYNC_CLOSED);
}

TEST_CASE("capi misuse: a workspace's parts close with it, and carry nothing else") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* workspace = open_workspace(folder, nullptr, "null");
    auto* store = store_of(workspace);
    fluentsync_git* git = nullptr;
    fluentsync_loop* loop = nullptr;
    fluentsync_directory* directory = nullptr;
    Failure failure;
    CHECK(fluentsync_store_close(store, failure.out()) == FLUENTSYNC_MISUSE);
    CHECK(failure.message().find("workspace") != std::string::npos);
    CHECK(fluentsync_workspace_git(workspace, &git, failure.out()) == FLUENTSYNC_MISUSE);
    CHECK(failure.message().find("git") != std::string::npos);
    REQUIRE(fluentsync_loop_open(&loop, nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_directory_open(loop, store, TEXT(R"({"syncPath": "x"})"), &directory, nullptr) ==
          FLUENTSYNC_MISUSE);
    CHECK(fluentsync_loop_close(loop, nullptr) == FLUENTSYNC_OK);
    CHECK(put(store, "a", "still open") == FLUENTSYNC_OK);
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
}

TEST_CASE("capi misuse: getters and free functions take NULL") {
    std::size_t length = 7;
    CHECK(fluentsync_string_data(nullptr, &length) == std::string());
    CHECK(length == 0);
    CHECK(fluentsync_entity_content(nullptr, nullptr) == std::string());
    CHECK(fluentsync_entity_version(nullptr) == 0);
    CHECK(fluentsync_entity_list_size(nullptr) == 0);
    CHECK(fluentsync_entity_list_at(nullptr, 0) == nullptr);
    CHECK(fluentsync_conflict_loser_content(nullptr, nullptr) == std::string());
    CHECK(fluentsync_conflict_list_at(nullptr, 0) == nullptr);
    CHECK(fluentsync_event_name(nullptr, &length) == std::string());
    CHECK(fluentsync_event_batch_at(nullptr, 0) == nullptr);
    CHECK(fluentsync_put_result_changed(nullptr) == 0);
    CHECK(fluentsync_error_message(nullptr, nullptr) == std::string());
    CHECK(fluentsync_error_code(nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_credentials_url(nullptr, nullptr) == std::string());
    CHECK(fluentsync_credentials_answer(nullptr, "a", 1, "b", 1, nullptr) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(fluentsync_credentials_fail(nullptr, "a", 1, nullptr) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(fluentsync_drafts_add(nullptr, "a", 1, "b", 1, "c", 1, nullptr) == FLUENTSYNC_INVALID_ARGUMENT);
    fluentsync_error_free(nullptr);
    fluentsync_string_free(nullptr);
    fluentsync_drafts_free(nullptr);
    fluentsync_put_result_free(nullptr);
    fluentsync_entity_free(nullptr);
    fluentsync_entity_list_free(nullptr);
    fluentsync_conflict_free(nullptr);
    fluentsync_conflict_list_free(nullptr);
    fluentsync_event_batch_free(nullptr);
}

TEST_CASE("capi misuse: arguments that make no sense are named") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    auto* store = open_store(folder);
    Failure failure;
    CHECK(fluentsync_loop_open(nullptr, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(fluentsync_store_get(store, "t", 1, "i", 1, nullptr, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(failure.message() == "entity is NULL");
    fluentsync_entity* entity = nullptr;
    CHECK(fluentsync_store_get(store, nullptr, 4, "i", 1, &entity, failure.out()) ==
          FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(failure.message() == "type is NULL");
    CHECK(fluentsync_store_get(store, "t", SIZE_MAX - 1, "i", 1, &entity, failure.out()) ==
          FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(fluentsync_store_resolve(store, 1, 7, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(fluentsync_store_put_all(store, nullptr, nullptr, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(fluentsync_loop_lend(nullptr, nullptr, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    fluentsync_loop* loop = nullptr;
    CHECK(fluentsync_loop_lend(nullptr, &loop, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    fluentsync_events* events = nullptr;
    CHECK(fluentsync_store_events(store, 0, &events, failure.out()) == FLUENTSYNC_MISUSE);
    CHECK(failure.message().find("without a loop") != std::string::npos);
    CHECK(fluentsync_store_close(store, failure.out()) == FLUENTSYNC_OK);
    CHECK(failure.none());
}

TEST_CASE("capi misuse: userdata is freed once, whatever happens to the call") {
    const NothingLeft nothing_left;
    const TempFolder folder;
    Freed freed;
    fluentsync_workspace* workspace = nullptr;
    fluentsync_subscription* subscription = nullptr;
    const auto ask = [](void*, fluentsync_credentials*) {};
    const auto hear = [](void*, const fluentsync_event_batch*) {};
    CHECK(fluentsync_workspace_open(nullptr, TEXT("{"), ask, &freed, Freed::free, &workspace, nullptr) ==
          FLUENTSYNC_INVALID_OPTIONS);
    CHECK(freed.times == 1);
    CHECK(fluentsync_loop_post(
              nullptr, [](void*) {}, &freed, Freed::free, nullptr) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(freed.times == 2);
    CHECK(fluentsync_store_subscribe(nullptr, hear, &freed, Freed::free, &subscription, nullptr) ==
          FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(freed.times == 3);
    CHECK(fluentsync_events_on_ready(nullptr, Freed::free, &freed, Freed::free, nullptr) ==
          FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(freed.times == 4);
    const auto options = R"({"store": {"path": ")" + folder / "a.db" + R"("}, "directory": {"syncPath": ")" +
                         folder / "a" + R"("}, "git": {}})";
    REQUIRE(fluentsync_workspace_open(nullptr, TEXT(options), ask, &freed, Freed::free, &workspace,
                                      nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_workspace_subscribe(workspace, nullptr, &freed, Freed::free, &subscription, nullptr) ==
          FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(freed.times == 5);
    CHECK(fluentsync_workspace_close(workspace, nullptr) == FLUENTSYNC_OK);
    CHECK(freed.times == 6);
}

TEST_CASE("capi misuse: options of an older or newer caller") {
    Failure failure;
    // All that is left out has its default.
    CHECK(fluentsync_check_options(TEXT(R"({"store": {"path": "a"}, "directory": {"syncPath": "b"}})"),
                                   failure.out()) == FLUENTSYNC_OK);
    // The first version's deprecated name is still taken.
    CHECK(fluentsync_check_options(
              TEXT(R"({"store": {"path": "a"}, "directory": {"syncPath": "b", "watchEnabled": true}})"),
              failure.out()) == FLUENTSYNC_OK);
    CHECK(fluentsync_check_options(TEXT(R"({"git": {"autoPushh": true}})"), failure.out()) ==
          FLUENTSYNC_INVALID_OPTIONS);
    CHECK(failure.message() == R"(unknown option "autoPushh" in "git"; did you mean "autoPush"?)");
    CHECK(fluentsync_check_options(TEXT(R"({"git": {"syncInterval": "5"}})"), failure.out()) ==
          FLUENTSYNC_INVALID_OPTIONS);
    CHECK(fluentsync_check_options(nullptr, 0, failure.out()) == FLUENTSYNC_INVALID_OPTIONS);
}

TEST_CASE("capi misuse: options that opening refuses are refused by the check too, and open nothing") {
    const NothingLeft nothing_left;
    const support::TempFolder folder;
    Failure failure;
    const auto refused = [&](const std::string& options) {
        CHECK(fluentsync_check_options(TEXT(options), failure.out()) == FLUENTSYNC_INVALID_OPTIONS);
        const std::string said = failure.message();
        fluentsync_workspace* workspace = nullptr;
        CHECK(fluentsync_workspace_open(nullptr, TEXT(options), nullptr, nullptr, nullptr, &workspace,
                                        failure.out()) == FLUENTSYNC_INVALID_OPTIONS);
        CHECK(failure.message() == said);
        CHECK(std::filesystem::is_empty(folder.path()));
        return said;
    };
    const std::string store = R"({"store": {"path": ")" + folder / "new.db" + R"("}, )";
    CHECK(refused("{}") == "store.path is required and empty");
    CHECK(refused(store + R"("directory": {}})") == "directory.syncPath is required and empty");
    CHECK(refused(store + R"("directory": {"syncPath": "b", "maxSyncDelay": 1}})") ==
          "directory.maxSyncDelay (1 ms) is shorter than directory.syncDebounce (1000 ms)");
    CHECK(refused(store + R"("directory": {"syncPath": "b"}, "git": {"branch": "a_b..c"}})").find("a_b..c") !=
          std::string::npos);
}

}  // namespace fluentsync::ctest
