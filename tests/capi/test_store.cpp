// The store's functions: values in and out, byte for byte.
#include "support.hpp"

namespace fluentsync::ctest {

using support::TempFolder;
using namespace std::string_literals;

namespace {

/// A store without a loop, closed at the end.
struct Store {
    ~Store() { CHECK(fluentsync_store_close(handle, nullptr) == FLUENTSYNC_OK); }
    NothingLeft nothing_left;
    TempFolder folder;
    fluentsync_store* const handle = open_store(folder);
};

std::vector<std::string> ids_of(fluentsync_store* store, const std::string& query) {
    fluentsync_entity_list* list = nullptr;
    Failure failure;
    const int status = fluentsync_store_list(store, TEXT(query), &list, failure.out());
    INFO(failure.message());
    REQUIRE(status == FLUENTSYNC_OK);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < fluentsync_entity_list_size(list); ++i)
        ids.emplace_back(fluentsync_entity_id(fluentsync_entity_list_at(list, i), nullptr));
    CHECK(fluentsync_entity_list_at(list, ids.size()) == nullptr);
    fluentsync_entity_list_free(list);
    return ids;
}

std::string query_fault(fluentsync_store* store, const std::string& query) {
    std::int64_t count = -1;
    Failure failure;
    CHECK(fluentsync_store_count(store, TEXT(query), &count, failure.out()) == FLUENTSYNC_INVALID_ARGUMENT);
    CHECK(count == 0);
    return failure.message();
}

}  // namespace

TEST_CASE("capi store: what is put comes back, byte for byte, with what is known of it") {
    Store store;
    const auto content = "---\ntitle: \"A\"\n---\nwith a NUL:\0, an umlaut: \xc3\xa4\r\n"s;
    fluentsync_put_result* result = nullptr;
    REQUIRE(fluentsync_store_put(store.handle, FLUENTSYNC_LITERAL("note"), "deep/er",
                                 FLUENTSYNC_NUL_TERMINATED, content.data(), content.size(), 0, &result,
                                 nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_put_result_changed(result) == 1);
    CHECK(fluentsync_put_result_created(result) == 1);
    CHECK(fluentsync_put_result_version(result) == 1);
    fluentsync_put_result_free(result);

    fluentsync_entity* entity = nullptr;
    REQUIRE(fluentsync_store_get(store.handle, TEXT("note"), TEXT("deep/er"), &entity, nullptr) ==
            FLUENTSYNC_OK);
    REQUIRE(entity != nullptr);
    std::size_t length = 0;
    const char* data = fluentsync_entity_content(entity, &length);
    CHECK(std::string(data, length) == content);
    CHECK(data[length] == '\0');
    CHECK(fluentsync_entity_type(entity, nullptr) == "note"s);
    CHECK(fluentsync_entity_id(entity, &length) == "deep/er"s);
    CHECK(length == 7);
    CHECK(fluentsync_entity_metadata(entity, nullptr) == R"({"title":"A"})"s);
    CHECK(fluentsync_entity_hash(entity, &length) != nullptr);
    CHECK(length == 40);
    CHECK(fluentsync_entity_version(entity) == 1);
    CHECK(fluentsync_entity_created(entity) > 1'600'000'000'000);
    CHECK(fluentsync_entity_updated(entity) == fluentsync_entity_created(entity));
    fluentsync_entity_free(entity);
    CHECK(content_of(store.handle, "absent") == "<none>");
}

TEST_CASE("capi store: expected versions, create and remove") {
    Store store;
    const auto put_expecting = [&](std::int64_t version) {
        return fluentsync_store_put(store.handle, TEXT("note"), TEXT("a"),
                                    TEXT("v" + std::to_string(version)), version, nullptr, nullptr);
    };
    CHECK(put_expecting(1) == FLUENTSYNC_VERSION_MISMATCH);
    CHECK(put_expecting(0) == FLUENTSYNC_OK);
    CHECK(put_expecting(0) == FLUENTSYNC_VERSION_MISMATCH);
    CHECK(put_expecting(1) == FLUENTSYNC_OK);
    CHECK(put_expecting(-2) == FLUENTSYNC_INVALID_ARGUMENT);
    Failure failure;
    CHECK(fluentsync_store_create(store.handle, TEXT("note"), TEXT("a"), TEXT("x"), nullptr, failure.out()) ==
          FLUENTSYNC_ALREADY_EXISTS);
    CHECK(failure.message().find("note/a") != std::string::npos);
    CHECK(fluentsync_store_create(store.handle, TEXT("note"), TEXT("b"), TEXT("x"), nullptr, failure.out()) ==
          FLUENTSYNC_OK);
    CHECK(failure.none());
    int removed = -1;
    CHECK(fluentsync_store_remove(store.handle, TEXT("note"), TEXT("a"), 1, &removed, nullptr) ==
          FLUENTSYNC_VERSION_MISMATCH);
    CHECK(removed == 0);
    CHECK(fluentsync_store_remove(store.handle, TEXT("note"), TEXT("a"), 2, &removed, nullptr) ==
          FLUENTSYNC_OK);
    CHECK(removed == 1);
    CHECK(fluentsync_store_remove(store.handle, TEXT("note"), TEXT("a"), FLUENTSYNC_ANY_VERSION, &removed,
                                  nullptr) == FLUENTSYNC_OK);
    CHECK(removed == 0);
}

TEST_CASE("capi store: errors carry code, message, path and whether to try again") {
    Store store;
    fluentsync_error* error = nullptr;
    CHECK(fluentsync_store_put(store.handle, TEXT(".."), TEXT("a"), TEXT("x"), FLUENTSYNC_ANY_VERSION,
                               nullptr, &error) == FLUENTSYNC_INVALID_KEY);
    CHECK(fluentsync_error_code(error) == FLUENTSYNC_INVALID_KEY);
    CHECK(fluentsync_error_retryable(error) == 0);
    std::size_t length = 0;
    CHECK(fluentsync_error_message(error, &length) != ""s);
    CHECK(length == std::string(fluentsync_error_message(error, nullptr)).size());
    fluentsync_error_free(error);
    fluentsync_store* none = nullptr;
    CHECK(fluentsync_store_open(nullptr, TEXT(R"({"path": "/dev/null/x"})"), &none, &error) ==
          FLUENTSYNC_CANNOT_OPEN);
    CHECK(none == nullptr);
    CHECK(fluentsync_error_path(error, nullptr) == "/dev/null/x"s);
    fluentsync_error_free(error);
    CHECK(fluentsync_store_put(store.handle, TEXT("note"), TEXT("a"), TEXT("\xff"), FLUENTSYNC_ANY_VERSION,
                               nullptr, nullptr) == FLUENTSYNC_INVALID_CONTENT);
    CHECK(fluentsync_code_name(FLUENTSYNC_INVALID_KEY) == "invalid_key"s);
    CHECK(fluentsync_code_name(12345) == "unknown"s);
}

TEST_CASE("capi store: metadata is edited in place") {
    Store store;
    REQUIRE(put(store.handle, "a", "---\n# kept\nstatus: draft\n---\nbody\n") == FLUENTSYNC_OK);
    fluentsync_put_result* result = nullptr;
    REQUIRE(fluentsync_store_set_metadata(store.handle, TEXT("note"), TEXT("a"), TEXT("status"),
                                          TEXT("\"done\""), FLUENTSYNC_ANY_VERSION, &result,
                                          nullptr) == FLUENTSYNC_OK);
    CHECK(fluentsync_put_result_version(result) == 2);
    fluentsync_put_result_free(result);
    CHECK(content_of(store.handle, "a") == "---\n# kept\nstatus: done\n---\nbody\n");
    REQUIRE(fluentsync_store_remove_metadata(store.handle, TEXT("note"), TEXT("a"), TEXT("status"), 2,
                                             nullptr, nullptr) == FLUENTSYNC_OK);
    CHECK(content_of(store.handle, "a") == "---\n# kept\n---\nbody\n");
    CHECK(fluentsync_store_set_metadata(store.handle, TEXT("note"), TEXT("absent"), TEXT("a"), TEXT("1"),
                                        FLUENTSYNC_ANY_VERSION, nullptr, nullptr) == FLUENTSYNC_NOT_FOUND);
}

TEST_CASE("capi store: queries are JSON") {
    Store store;
    for (const auto* id : {"a", "b", "c"})
        REQUIRE(put(store.handle, id, "---\nrank: "s + (id[0] == 'b' ? "1" : "2") + "\n---\n") ==
                FLUENTSYNC_OK);
    REQUIRE(fluentsync_store_put(store.handle, TEXT("task"), TEXT("t"), TEXT("x"), FLUENTSYNC_ANY_VERSION,
                                 nullptr, nullptr) == FLUENTSYNC_OK);
    using Ids = std::vector<std::string>;
    CHECK(ids_of(store.handle, "") == Ids{"a", "b", "c", "t"});
    CHECK(ids_of(store.handle, R"({"type": "note", "descending": true, "limit": 2})") == Ids{"c", "b"});
    CHECK(ids_of(store.handle, R"({"type": "note", "offset": 1})") == Ids{"b", "c"});
    CHECK(ids_of(store.handle, R"({"filters": [{"key": "rank", "compare": "greater", "value": 1}]})") ==
          Ids{"a", "c"});
    CHECK(ids_of(store.handle, R"({"filters": [{"key": "rank", "value": 1}], "withContent": false})") ==
          Ids{"b"});
    std::int64_t count = 0;
    CHECK(fluentsync_store_count(store.handle, nullptr, 0, &count, nullptr) == FLUENTSYNC_OK);
    CHECK(count == 4);
    fluentsync_string* types = nullptr;
    CHECK(fluentsync_store_types(store.handle, &types, nullptr) == FLUENTSYNC_OK);
    CHECK(taken(types) == R"(["note","task"])");
    CHECK(query_fault(store.handle, R"({"typ": "note"})").find("\"typ\"") != std::string::npos);
    CHECK(query_fault(store.handle, R"({"limit": -1})").find("limit") != std::string::npos);
    CHECK(query_fault(store.handle, R"({"sortBy": "size"})").find("updated") != std::string::npos);
    CHECK(query_fault(store.handle, R"({"filters": [{"key": "rank"}]})").find("value") != std::string::npos);
    CHECK(query_fault(store.handle, "[]").find("no JSON object") != std::string::npos);
    CHECK(query_fault(store.handle, "{").find("no JSON object") != std::string::npos);
}

TEST_CASE("capi store: a transaction is all or nothing") {
    Store store;
    Freed freed;
    struct Work {
        Freed* freed;
        int answer;
        int seen;
    } work{&freed, 0, 0};
    const auto run = [](void* userdata, fluentsync_transaction* transaction) {
        auto& asked = *static_cast<Work*>(userdata);
        if (fluentsync_transaction_put(transaction, TEXT("note"), TEXT("a"), TEXT("one"),
                                       FLUENTSYNC_ANY_VERSION, nullptr, nullptr) != FLUENTSYNC_OK) {
            return -1;
        }
        fluentsync_entity* entity = nullptr;
        if (fluentsync_transaction_get(transaction, TEXT("note"), TEXT("a"), &entity, nullptr) ==
            FLUENTSYNC_OK)
            asked.seen = static_cast<int>(fluentsync_entity_version(entity));
        fluentsync_entity_free(entity);
        if (asked.answer == FLUENTSYNC_VERSION_MISMATCH) {
            return fluentsync_transaction_remove(transaction, TEXT("note"), TEXT("a"), 77, nullptr, nullptr);
        }
        return asked.answer;
    };
    const auto free_work = [](void* userdata) { ++static_cast<Work*>(userdata)->freed->times; };
    const auto transact = [&](int answer, Failure& failure) {
        work.answer = answer;
        return fluentsync_store_transaction(store.handle, run, &work, free_work, failure.out());
    };
    Failure failure;
    CHECK(transact(42, failure) == FLUENTSYNC_CANCELLED);
    CHECK(failure.message().find("42") != std::string::npos);
    CHECK(transact(FLUENTSYNC_NOT_FOUND, failure) == FLUENTSYNC_NOT_FOUND);
    CHECK(transact(FLUENTSYNC_VERSION_MISMATCH, failure) == FLUENTSYNC_VERSION_MISMATCH);
    CHECK(failure.message().find("note/a") != std::string::npos);
    CHECK(content_of(store.handle, "a") == "<none>");
    CHECK(transact(0, failure) == FLUENTSYNC_OK);
    CHECK(work.seen == 1);
    CHECK(content_of(store.handle, "a") == "one");
    CHECK(freed.times == 4);
}

TEST_CASE("capi store: many drafts are one transaction") {
    Store store;
    fluentsync_drafts* drafts = nullptr;
    REQUIRE(fluentsync_drafts_new(&drafts, nullptr) == FLUENTSYNC_OK);
    for (const auto* id : {"a", "b", ".."})
        REQUIRE(fluentsync_drafts_add(drafts, TEXT("note"), TEXT(id), TEXT("x"), nullptr) == FLUENTSYNC_OK);
    std::int64_t changed = -1;
    CHECK(fluentsync_store_put_all(store.handle, drafts, &changed, nullptr) == FLUENTSYNC_INVALID_KEY);
    CHECK(changed == 0);
    CHECK(content_of(store.handle, "a") == "<none>");
    fluentsync_drafts_free(drafts);
}

}  // namespace fluentsync::ctest
