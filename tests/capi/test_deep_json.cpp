// JSON that is nested without end, on the small stack that a host's thread may have.
#include <limits.h>
#include <pthread.h>

#include <functional>

#include "support.hpp"

namespace fluentsync::ctest {
namespace {

std::string nested(const char* open, const char* close) {
    constexpr int kLevels = 50'000;
    std::string text;
    for (int i = 0; i < kLevels; ++i)
        text += open;
    text += '0';
    for (int i = 0; i < kLevels; ++i)
        text += close;
    return text;
}

std::vector<std::string> nested_values() {
    return {nested("[", "]"), nested("{\"a\":", "}"), nested("[", ""), nested("{\"a\":[", "]}")};
}

void on_small_stack(const std::function<void()>& work) {
    constexpr std::size_t kStack = 128 * 1024;
    pthread_attr_t attributes;
    pthread_t thread{};
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstacksize(&attributes, kStack) == 0);
    const auto run = [](void* argument) -> void* {
        (*static_cast<const std::function<void()>*>(argument))();
        return nullptr;
    };
    REQUIRE(pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&work)) == 0);
    REQUIRE(pthread_join(thread, nullptr) == 0);
    pthread_attr_destroy(&attributes);
}

}  // namespace

TEST_CASE("deeply nested JSON is an error wherever JSON is taken") {
    const NothingLeft nothing_left;
    const support::TempFolder folder;
    fluentsync_store* store = open_store(folder);
    REQUIRE(put(store, "a", "text\n") == FLUENTSYNC_OK);
    for (const std::string& deep : nested_values()) {
        std::vector<int> codes;
        const auto calls = [&] {
            const std::string option = R"({"store": {"path": )" + deep + "}}";
            const std::string unknown = R"({"surprise": )" + deep + "}";
            const std::string filter = R"({"filters": [{"key": "k", "value": )" + deep + "}]}";
            for (const std::string& options : {deep, option, unknown})
                codes.push_back(fluentsync_check_options(options.data(), options.size(), nullptr));
            for (const std::string& query : {deep, filter}) {
                int64_t count = 0;
                codes.push_back(fluentsync_store_count(store, query.data(), query.size(), &count, nullptr));
                fluentsync_entity_list* entities = nullptr;
                codes.push_back(fluentsync_store_list(store, query.data(), query.size(), &entities, nullptr));
            }
            codes.push_back(fluentsync_store_set_metadata(store, TEXT("note"), TEXT("a"), TEXT("k"),
                                                          deep.data(), deep.size(), FLUENTSYNC_ANY_VERSION,
                                                          nullptr, nullptr));
        };
        on_small_stack(calls);
        CHECK(codes.size() == 8);
        for (const int code : codes)
            CHECK((code == FLUENTSYNC_INVALID_OPTIONS || code == FLUENTSYNC_INVALID_ARGUMENT));
    }
    CHECK(fluentsync_store_close(store, nullptr) == FLUENTSYNC_OK);
}

}  // namespace fluentsync::ctest
