#include "store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "store/database_files.hpp"
#include "store/open_connection.hpp"
#include "store/schema.hpp"
#include "store/sqlite_error.hpp"
#include "store/unwritten_read.hpp"

namespace fluentsync::store {
namespace {

// Idle readers that are kept. More threads at once get connections that go away afterwards.
constexpr std::size_t kIdleReaders = 4;

// A writer that another process keeps waiting looks again after this long; close() ends the wait.
constexpr std::chrono::milliseconds kBusyStep{2};

// Rolls back unless committed.
class TransactionScope {
  public:
    TransactionScope(Connection& connection, std::string_view begin) : connection_(connection) {
        connection_.prepare(begin)->exec();
    }
    TransactionScope(const TransactionScope&) = delete;
    TransactionScope& operator=(const TransactionScope&) = delete;
    ~TransactionScope() {
        // After some errors SQLite has rolled back by itself.
        SQLite::Database& database = connection_.raw();
        if (sqlite3_get_autocommit(database.getHandle()) == 0) database.tryExec("ROLLBACK");
    }
    void commit() { connection_.prepare("COMMIT")->exec(); }

  private:
    Connection& connection_;
};

}  // namespace

struct Database::State {
    explicit State(const StoreOptions& options)
        : path(options.path), durable(options.durable), read_only(options.read_only) {
        // Half for the writer, which touches most; the rest over the readers.
        const std::int64_t cache = std::max<std::int64_t>(options.cache_kib, 256);
        reader_cache_kib = cache / 2 / static_cast<std::int64_t>(kIdleReaders);
        if (read_only) {
            open_to_read();
            return;
        }
        writer = open_writer(path, cache / 2);
        sqlite3* const handle = writer->raw().getHandle();
        sqlite3_busy_handler(handle, &State::wait_for_lock, this);
        files.emplace(path, sqlite3_db_filename(handle, "main"));
    }

    void open_to_read() {
        unwritable = !may_write(path);
        translated(path, [&] {
            if (unwritable) return check_schema(UnwrittenRead(path, reader_cache_kib).connection(), path);
            readers.push_back(open_reader(path, reader_cache_kib));
            check_schema(*readers.back(), path);
            files.emplace(path, sqlite3_db_filename(readers.back()->raw().getHandle(), "main"));
        });
    }

    /// Each read finds the database as it is then.
    void read_unwritten(const std::function<void(Connection&)>& work) const {
        UnwrittenRead reader(path, reader_cache_kib);
        try {
            TransactionScope transaction(reader.connection(), "BEGIN");
            work(reader.connection());
            transaction.commit();
        } catch (...) {
            reader.check();  // Then that is why.
            throw;
        }
        reader.check();
    }

    static int wait_for_lock(void* self, int attempt) {
        auto& state = *static_cast<State*>(self);
        const auto now = std::chrono::steady_clock::now();
        if (attempt == 0) state.give_up = now + base::tuning::kBusyTimeout;
        if (state.hurries > 0 || now >= state.give_up) return 0;
        std::this_thread::sleep_for(kBusyStep);
        return 1;
    }

    void enter() {
        if (writing_thread.load() == std::this_thread::get_id())
            throw Error(
                ErrorCode::misuse,
                "the store was called inside one of its transactions; use the transaction's own calls", path);
        const std::lock_guard lock(mutex);
        if (closed) throw Error(ErrorCode::closed, fmt::format("database '{}' is closed", path), path);
        ++calls;
    }
    void leave() {
        const std::lock_guard lock(mutex);
        if (--calls == 0) idle.notify_all();
    }

    std::unique_ptr<Connection> take_reader() {
        {
            const std::lock_guard lock(mutex);
            if (!readers.empty()) {
                auto reader = std::move(readers.back());
                readers.pop_back();
                return reader;
            }
        }
        return open_reader(path, reader_cache_kib);
    }
    void give_reader(std::unique_ptr<Connection> reader) {
        const std::lock_guard lock(mutex);
        if (readers.size() < kIdleReaders) readers.push_back(std::move(reader));
    }

    // In the writer's turn. A log that was deleted still has commits which the database lacks: they go there
    // before anybody makes a new log.
    void save_log() {
        if (!files->replaced()) writer->raw().tryExec("PRAGMA wal_checkpoint(PASSIVE)");
    }

    // Before the last connection ends: SQLite empties the log then and deletes it, by name.
    void spare_the_files_of_others() {
        if (writer && files->replaced())
            sqlite3_db_config(writer->raw().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }

    void set_synchronous(Durability durability) {
        const bool full = durable && durability == Durability::full;
        if (synchronous_full == full) return;
        writer->raw().exec(full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        synchronous_full = full;
    }

    const std::string path;
    const bool durable;
    const bool read_only;
    bool unwritable = false;  ///< And only read.
    std::int64_t reader_cache_kib = 0;

    std::mutex mutex;
    std::condition_variable idle;
    std::int64_t calls = 0;
    bool closed = false;
    std::vector<std::unique_ptr<Connection>> readers;

    std::atomic<int> hurries{0};  ///< Who wants that nobody waits for another process.
    std::chrono::steady_clock::time_point give_up;

    std::mutex write_mutex;
    std::atomic<std::thread::id> writing_thread{};
    std::unique_ptr<Connection> writer;
    std::optional<DatabaseFiles> files;
    std::optional<bool> synchronous_full;
};

namespace {

template <typename State>
class CallScope {
  public:
    explicit CallScope(State& state) : state_(state) { state_.enter(); }
    CallScope(const CallScope&) = delete;
    CallScope& operator=(const CallScope&) = delete;
    ~CallScope() { state_.leave(); }

  private:
    State& state_;
};

// Gives the reader back also when the caller's work throws: its transaction has been rolled back by then.
template <typename State>
class ReaderScope {
  public:
    explicit ReaderScope(State& state) : state_(state), reader_(state.take_reader()) {}
    ReaderScope(const ReaderScope&) = delete;
    ReaderScope& operator=(const ReaderScope&) = delete;
    ~ReaderScope() { state_.give_reader(std::move(reader_)); }
    Connection& connection() { return *reader_; }

  private:
    State& state_;
    std::unique_ptr<Connection> reader_;
};

class WritingScope {
  public:
    explicit WritingScope(std::atomic<std::thread::id>& thread) : thread_(thread) {
        thread_ = std::this_thread::get_id();
    }
    WritingScope(const WritingScope&) = delete;
    WritingScope& operator=(const WritingScope&) = delete;
    ~WritingScope() { thread_ = std::thread::id{}; }

  private:
    std::atomic<std::thread::id>& thread_;
};

}  // namespace

Database::Database(const StoreOptions& options) : state_(std::make_unique<State>(options)) {}

Database::~Database() {
    close();
}

void Database::write(Durability durability, const std::function<void(Connection&)>& work,
                     const std::function<void()>& committed) {
    const CallScope call(*state_);
    check_may_write();
    const std::lock_guard lock(state_->write_mutex);
    const WritingScope writing(state_->writing_thread);
    try {
        translated(state_->path, [&] {
            state_->set_synchronous(durability);
            TransactionScope transaction(*state_->writer, "BEGIN IMMEDIATE");
            work(*state_->writer);
            state_->files->check();
            transaction.commit();
        });
    } catch (const Error& error) {
        if (error.code() == ErrorCode::database_gone) state_->save_log();
        throw;
    }
    if (committed) committed();
}

void Database::read(const std::function<void(Connection&)>& work) const {
    const CallScope call(*state_);
    translated(state_->path, [&] {
        if (state_->unwritable) return state_->read_unwritten(work);
        ReaderScope reader(*state_);
        state_->files->check_main();  // After it was opened, perhaps only now.
        TransactionScope transaction(reader.connection(), "BEGIN");
        work(reader.connection());
        transaction.commit();
    });
}

std::int64_t Database::data_version() const {
    const CallScope call(*state_);
    if (state_->read_only) return 0;
    const std::lock_guard lock(state_->write_mutex);
    return translated(state_->path, [&] {
        state_->files->check();
        return data_version(*state_->writer);
    });
}

std::int64_t Database::data_version(Connection& writer) {
    auto statement = writer.prepare("PRAGMA data_version");
    statement->executeStep();
    return column_int(*statement, 0);
}

const std::string& Database::path() const {
    return state_->path;
}

bool Database::read_only() const {
    return state_->read_only;
}

void Database::check_may_write() const {
    if (state_->read_only)
        throw Error(
            ErrorCode::misuse,
            fmt::format("database '{}' was opened to be read only; open it without store.read_only to write",
                        state_->path),
            state_->path);
}

void Database::stop_waiting() {
    ++state_->hurries;
}

NoWaiting::NoWaiting(Database& database) : database_(database) {
    ++database_.state_->hurries;
}

NoWaiting::~NoWaiting() {
    --database_.state_->hurries;
}

void Database::check_may_wait() const {
    if (state_->writing_thread.load() == std::this_thread::get_id())
        throw Error(
            ErrorCode::misuse,
            "a call that waits for work on files or git is not possible inside a transaction of the store",
            state_->path);
}

void Database::check_may_close() const {
    if (state_->writing_thread.load() == std::this_thread::get_id())
        throw Error(ErrorCode::misuse, "the store cannot be closed inside one of its transactions",
                    state_->path);
}

void Database::close() {
    check_may_close();
    std::vector<std::unique_ptr<Connection>> readers;
    std::unique_ptr<Connection> writer;
    stop_waiting();
    {
        std::unique_lock lock(state_->mutex);
        state_->closed = true;
        state_->idle.wait(lock, [&] { return state_->calls == 0; });
        state_->spare_the_files_of_others();
        readers.swap(state_->readers);
        writer.swap(state_->writer);
    }
    // The last connection checkpoints, so it must be the one that may write.
    readers.clear();
}

}  // namespace fluentsync::store
