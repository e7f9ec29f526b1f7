/// A store and its folder without git, on a loop of their own; by hand unless a test asks for automation.
#pragma once

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "place.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

class Pair {
  public:
    Pair() {
        options.sync_path = base.path() + "/notes";
        options.auto_sync = false;
        options.sync_debounce = std::chrono::milliseconds(20);
        options.durable = false;
    }
    ~Pair() { close(); }

    /// Opens what is closed; the options of this moment count.
    void open() {
        StoreOptions store_options;
        store_options.path = database();
        store_options.durable = false;
        store_.emplace(loop_, store_options);
        directory_.emplace(loop_, *store_, options);
        subscription_ = directory_->subscribe(log);
    }
    void close() {
        subscription_.reset();
        directory_.reset();
        store_.reset();
    }
    void reopen() {
        close();
        open();
    }
    EntityStore& store() {
        if (!store_) open();
        return *store_;
    }
    DirectorySync& directory() {
        if (!directory_) open();
        return *directory_;
    }

    std::string database() const { return base.path() + "/store.db"; }
    std::string root() const { return options.sync_path; }
    std::string file(const std::string& path) const { return root() + "/" + path; }
    bool has(const std::string& path) const {
        return std::filesystem::exists(std::filesystem::symlink_status(file(path)));
    }
    std::string read(const std::string& path) const { return read_file(file(path)); }
    void write(const std::string& path, const std::string& content) const { write_file(file(path), content); }
    void remove(const std::string& path) const { std::filesystem::remove(file(path)); }

    void put(const std::string& id, const std::string& content) { store().put({"note", id, content}); }
    std::optional<std::string> content(const std::string& id) {
        const auto entity = store().get({"note", id});
        return entity ? std::optional(entity->content) : std::nullopt;
    }
    std::optional<std::string> disk(const std::string& path) const {
        return has(path) ? std::optional(read(path)) : std::nullopt;
    }
    /// Ten entities more, so that single deletions stay within the guard.
    void put_company() {
        for (int i = 0; i < 10; ++i)
            put("company " + std::to_string(i), "company\n");
    }
    std::optional<Held> held(const std::string& path) {
        for (const Held& one : directory().status().held) {
            if (one.path == path) return one;
        }
        return std::nullopt;
    }
    /// Every event told until now has reached `log`.
    void fence() {
        const std::string id = "fence " + std::to_string(++fences_);
        store().put({"fence", id, "fence\n"});
        if (!log.wait_for(entity_event(EventKind::entity_created, id))) {
            throw std::runtime_error("the fence's event never came");
        }
    }
    /// Events since the log was cleared, without those of fences.
    std::vector<Event> events() {
        fence();
        std::vector<Event> result;
        for (const Event& event : log.all()) {
            if (event.type != "fence" && event.path.rfind("fence/", 0) != 0) result.push_back(event);
        }
        return result;
    }
    /// Path to modification time, inode and size, of everything but our own state.
    std::map<std::string, std::string> stamps() const {
        std::map<std::string, std::string> result;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root())) {
            const std::string path = std::filesystem::relative(entry.path(), root()).string();
            struct stat one = {};
            if (path.rfind(".fluentsync", 0) == 0 || path.rfind("fence", 0) == 0 || entry.is_directory() ||
                lstat(entry.path().c_str(), &one) != 0) {
                continue;
            }
            result[path] = std::to_string(one.st_mtim.tv_sec) + "." + std::to_string(one.st_mtim.tv_nsec) +
                           " " + std::to_string(one.st_ctim.tv_nsec) + " " + std::to_string(one.st_ino) +
                           " " + std::to_string(one.st_size);
        }
        return result;
    }
    /// Whether another look at everything moves nothing and tells nothing.
    bool settled() {
        fence();
        directory().flush();
        fence();
        log.clear();
        const auto before = stamps();
        directory().import_all();
        directory().export_all();
        directory().flush();
        bool quiet = true;
        for (const Event& event : events()) {
            // The fence of a moment ago is exported here.
            if (event.kind == EventKind::export_completed) continue;
            UNSCOPED_INFO("not quiet: " << event_name(event.kind) << " " << event.path << " " << event.id
                                        << " " << event.message);
            quiet = false;
        }
        if (stamps() != before) {
            UNSCOPED_INFO("not quiet: files were touched");
            quiet = false;
        }
        directory().flush();
        return quiet;
    }

    support::TempFolder base;
    DirectoryOptions options;
    EventLog log;

  private:
    EventLoop loop_;
    std::optional<EntityStore> store_;
    std::optional<DirectorySync> directory_;
    Subscription subscription_;
    int fences_ = 0;
};

/// A time for a file, relative to now.
inline void set_age(const std::string& path, std::chrono::seconds age) {
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - age);
}

}  // namespace fluentsync::flow
