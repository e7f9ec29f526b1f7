/// A database in a fresh folder, an observer that can be waited for, and the sqlite3 shell.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "fluentsync/error.hpp"
#include "fluentsync/event.hpp"
#include "fluentsync/options.hpp"
#include "store/database.hpp"

namespace store_test {

class TempFolder {
  public:
    TempFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "fluentsync-store-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp failed");
        path_ = pattern;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

inline fluentsync::StoreOptions options_for(const std::string& path) {
    fluentsync::StoreOptions options;
    options.path = path;
    options.durable = false;
    return options;
}

/// The code of the Error that `call` throws; ok when it throws none.
inline fluentsync::ErrorCode code_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const fluentsync::Error& error) {
        return error.code();
    }
    return fluentsync::ErrorCode::ok;
}

inline std::string message_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const fluentsync::Error& error) {
        return error.what();
    }
    return {};
}

/// Collects events; wait_for() returns false only after a generous time.
class Collector final : public fluentsync::Observer {
  public:
    void on_events(const std::vector<fluentsync::Event>& batch) override {
        const std::lock_guard lock(mutex_);
        events_.insert(events_.end(), batch.begin(), batch.end());
        changed_.notify_all();
    }
    bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return events_.size() >= count; });
    }
    std::vector<fluentsync::Event> events() {
        const std::lock_guard lock(mutex_);
        return events_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<fluentsync::Event> events_;
};

inline bool have_shell() {
    return ::system("command -v sqlite3 > /dev/null 2>&1") == 0;
}

/// Runs SQL in the sqlite3 shell, another process. True when it succeeded.
inline bool shell(const std::string& path, const std::string& sql) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::execlp("sqlite3", "sqlite3", "-bail", "-cmd", ".timeout 5000", path.c_str(), sql.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// SQL on a connection of its own in this process: as foreign to the store as another process.
inline void raw(const std::string& path, const std::string& sql) {
    SQLite::Database database(path, SQLite::OPEN_READWRITE, 5000);
    database.exec(sql);
}

}  // namespace store_test
