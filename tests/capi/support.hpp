/// Short words for the C API in tests.
#pragma once

#include <fluentsync/fluentsync.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "temp_folder.hpp"

namespace fluentsync::ctest {

/// A string as the two arguments that a string is.
#define TEXT(text) std::string(text).c_str(), std::string(text).size()

/// Where a call's error goes; freed by itself.
class Failure {
  public:
    Failure() = default;
    Failure(const Failure&) = delete;
    Failure& operator=(const Failure&) = delete;
    ~Failure() { fluentsync_error_free(error_); }

    fluentsync_error** out() {
        fluentsync_error_free(error_);
        error_ = nullptr;
        return &error_;
    }
    bool none() const { return error_ == nullptr; }
    int code() const { return fluentsync_error_code(error_); }
    std::string message() const { return fluentsync_error_message(error_, nullptr); }

  private:
    fluentsync_error* error_ = nullptr;
};

/// Counts how often the library freed a userdata.
struct Freed {
    std::atomic<int> times{0};
    static void free(void* userdata) { ++static_cast<Freed*>(userdata)->times; }
};

inline std::string taken(fluentsync_string* string) {
    std::size_t length = 0;
    const char* data = fluentsync_string_data(string, &length);
    std::string text(data, length);
    fluentsync_string_free(string);
    return text;
}

/// Every test leaves nothing behind.
struct NothingLeft {
    ~NothingLeft() { CHECK(fluentsync_live_objects() == 0); }
};

inline fluentsync_loop* open_loop() {
    fluentsync_loop* loop = nullptr;
    REQUIRE(fluentsync_loop_open(&loop, nullptr) == FLUENTSYNC_OK);
    return loop;
}

/// Whether all threads of this process but the calling one sleep, and so hold none of the allocator's locks.
inline bool others_sleep() {
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        if (thread.path().filename() == std::to_string(gettid())) continue;
        std::ifstream file(thread.path() / "stat");
        const std::string stat(std::istreambuf_iterator<char>(file), {});
        const auto name_end = stat.rfind(')');
        if (name_end != std::string::npos && stat.at(name_end + 2) != 'S') return false;
    }
    return true;
}

inline fluentsync_store* open_store(const support::TempFolder& folder, fluentsync_loop* loop = nullptr) {
    fluentsync_store* store = nullptr;
    Failure failure;
    const auto options = R"({"durable": false, "path": ")" + folder / "store.db" + "\"}";
    const int status = fluentsync_store_open(loop, TEXT(options), &store, failure.out());
    INFO(failure.message());
    REQUIRE(status == FLUENTSYNC_OK);
    return store;
}

inline fluentsync_workspace* open_workspace(const support::TempFolder& folder,
                                            fluentsync_loop* loop = nullptr,
                                            const std::string& git = "{\"durable\": false}") {
    fluentsync_workspace* workspace = nullptr;
    Failure failure;
    const auto options = R"({"store": {"durable": false, "path": ")" + folder / "store.db" +
                         R"("}, "directory": {"durable": false, "syncDebounce": 5, "syncPath": ")" +
                         folder / "files" + R"("}, "git": )" + git + "}";
    const int status =
        fluentsync_workspace_open(loop, TEXT(options), nullptr, nullptr, nullptr, &workspace, failure.out());
    INFO(failure.message());
    REQUIRE(status == FLUENTSYNC_OK);
    return workspace;
}

inline fluentsync_store* store_of(fluentsync_workspace* workspace) {
    fluentsync_store* store = nullptr;
    REQUIRE(fluentsync_workspace_store(workspace, &store, nullptr) == FLUENTSYNC_OK);
    return store;
}

inline int put(fluentsync_store* store, const std::string& id, const std::string& content,
               fluentsync_error** error = nullptr) {
    return fluentsync_store_put(store, TEXT("note"), TEXT(id), content.data(), content.size(),
                                FLUENTSYNC_ANY_VERSION, nullptr, error);
}

/// "<none>" when there is no such note.
inline std::string content_of(fluentsync_store* store, const std::string& id) {
    fluentsync_entity* entity = nullptr;
    REQUIRE(fluentsync_store_get(store, TEXT("note"), TEXT(id), &entity, nullptr) == FLUENTSYNC_OK);
    if (entity == nullptr) return "<none>";
    std::size_t length = 0;
    const char* data = fluentsync_entity_content(entity, &length);
    std::string content(data, length);
    fluentsync_entity_free(entity);
    return content;
}

}  // namespace fluentsync::ctest
