/// Whether an open database still is the one that its path leads to.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace fluentsync::store {

/// SQLite goes on with the files that it has open when somebody deletes or replaces them: what is written
/// then, nobody else sees, and it is gone with the process. This notices, at the cost of a stat() for each
/// file. A folder that is away as a whole (moved, unmounted) takes its database along and is no such case.
/// Thread-safe. What was not on a disk when it was opened is not looked at.
class DatabaseFiles {
  public:
    /// `path`: as it was given and is opened again by readers. `main`: the name that SQLite has made of it,
    /// beside which the log lies. Both are open now.
    DatabaseFiles(const std::string& path, const std::string& main);
    DatabaseFiles(const DatabaseFiles&) = delete;
    DatabaseFiles& operator=(const DatabaseFiles&) = delete;
    ~DatabaseFiles();

    /// Throws Error(database_gone) when the database or a part of its log was deleted or replaced.
    void check() const;
    /// check() for the database alone: what a reader needs to know, and a third of the price.
    void check_main() const;
    /// Whether another file stands where one of ours was. What is done by name would hit that one.
    bool replaced() const;

  private:
    enum class Fate { in_place, deleted, moved, replaced };
    struct File {
        std::string path;
        std::optional<struct stat> known;
    };
    static Fate fate(const File& file);
    Fate main_fate() const;
    [[noreturn]] void fail(const File& file, Fate fate) const;

    File main_;
    File folder_;
    File log_;
    File log_index_;
    int handle_ = -1;  ///< Leads to the database wherever it is. Holds none of SQLite's locks.
};

}  // namespace fluentsync::store
