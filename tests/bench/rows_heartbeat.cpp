// The host's 1 ms heartbeat on the loop that it lends, idle and with 10,000 exports pending.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fluentsync/fluentsync.hpp>
#include <memory>
#include <stdexcept>
#include <thread>

#include "content.hpp"
#include "rows.hpp"

namespace fluentsync::bench {

namespace {

constexpr std::size_t kPending = 10'000;

/// What the host was doing when a beat came.
enum Phase : int { idle, putting, exporting, committing, phases };

/// How long this thread has been ready to run while others had the processors, in milliseconds. Zero where
/// the system does not tell.
class WaitedForProcessor {
  public:
    WaitedForProcessor() : file_(open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}
    WaitedForProcessor(const WaitedForProcessor&) = delete;
    WaitedForProcessor& operator=(const WaitedForProcessor&) = delete;
    ~WaitedForProcessor() {
        if (file_ >= 0) {
            close(file_);
        }
    }
    double now() const {
        char text[64] = {};
        if (file_ < 0 || pread(file_, text, sizeof text - 1, 0) <= 0) {
            return 0;
        }
        const char* second = std::strchr(text, ' ');
        return second == nullptr ? 0 : std::strtod(second, nullptr) / 1e6;
    }

  private:
    const int file_;
};

/// The host: a loop of its own with a heartbeat.
class Host {
  public:
    Host() {
        uv_loop_init(&loop_);
        uv_timer_init(&loop_, &timer_);
        uv_async_init(&loop_, &stop_, [](uv_async_t* handle) { uv_stop(handle->loop); });
        timer_.data = this;
        uv_timer_start(
            &timer_, [](uv_timer_t* timer) { static_cast<Host*>(timer->data)->beat(); }, 1, 1);
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() {
        uv_close(reinterpret_cast<uv_handle_t*>(&timer_), nullptr);
        uv_close(reinterpret_cast<uv_handle_t*>(&stop_), nullptr);
        uv_run(&loop_, UV_RUN_DEFAULT);
        uv_loop_close(&loop_);
    }
    uv_loop_t* loop() { return &loop_; }

    /// Runs the loop while `work` runs on a thread of its own.
    template <class Work>
    void run_during(Work work) {
        std::exception_ptr failure;
        last_ = Clock::now();
        waited_before_ = waited_.now();
        std::thread worker([&] {
            try {
                work();
            } catch (...) {
                failure = std::current_exception();
            }
            uv_async_send(&stop_);
        });
        uv_run(&loop_, UV_RUN_DEFAULT);
        worker.join();
        if (failure) {
            std::rethrow_exception(failure);
        }
    }

    void turn_once() { uv_run(&loop_, UV_RUN_NOWAIT); }

    std::atomic<int> phase{idle};
    Samples late[phases];  ///< Milliseconds by which a beat came after its due time.
    Samples held[phases];  ///< The same less the time in which this thread waited for a processor.

  private:
    void beat() {
        const auto now = Clock::now();
        const double gap = std::chrono::duration<double, std::milli>(now - last_).count();
        const double waited = waited_.now();
        late[phase].push_back(std::max(0.0, gap - 1));
        held[phase].push_back(std::max(0.0, gap - 1 - (waited - waited_before_)));
        last_ = now;
        waited_before_ = waited;
    }

    uv_loop_t loop_ = {};
    uv_timer_t timer_ = {};
    uv_async_t stop_ = {};
    Clock::time_point last_;
    WaitedForProcessor waited_;
    double waited_before_ = 0;
};

/// A host that listens, as hosts do.
class Listener : public Observer {
  public:
    void on_events(const std::vector<Event>& batch) override { count_ += batch.size(); }

  private:
    std::size_t count_ = 0;
};

void move_to(Samples& all, Samples& some) {
    all.insert(all.end(), some.begin(), some.end());
    some.clear();
}

void export_and_commit(Host& host, Workspace& workspace, std::uint64_t revision) {
    const auto drafts = make_entities(0, kPending, revision);
    host.phase = putting;
    workspace.store().put_all(drafts);
    host.phase = exporting;
    workspace.directory().flush();
    host.phase = committing;
    const auto commit = workspace.git().commit();
    host.phase = idle;
    if (commit.files != static_cast<std::int64_t>(kPending)) {
        throw std::runtime_error(
            fmt::format("{} of {} pending exports were committed", commit.files, kPending));
    }
}

void add_row(Table& table, const std::string& what, double share, const Samples& busy, const Samples& quiet,
             const Goal& goal) {
    Row row;
    row.work = fmt::format("heartbeat's lateness, {}: {}",
                           share < 1 ? fmt::format("p{:g}", share * 100) : "most", what);
    row.entities = kPending;
    row.ours = {percentile(busy, share)};
    row.peer_name = fmt::format("idle loop ({} beats, ours {})", quiet.size(), busy.size());
    row.peer = {percentile(quiet, share)};
    row.goal = goal;
    table.add(row);
}

}  // namespace

void measure_heartbeat(Area& area, Table& table, int runs) {
    Host host;
    Place place = make_place(area, "heartbeat");
    Samples quiet;
    Samples quiet_held;
    Samples beside_copy;
    const auto idle_for = [&](std::chrono::milliseconds time) {
        host.run_during([time] { std::this_thread::sleep_for(time); });
    };
    {
        EventLoop loop(host.loop());
        Listener listener;
        Workspace workspace(loop, place.options());
        auto subscription = workspace.subscribe(listener);
        host.run_during([&] {
            workspace.start();
            export_and_commit(host, workspace, 0);
        });
        for (Samples* kind : {host.late, host.held}) {
            std::for_each(kind, kind + phases, [](Samples& samples) { samples.clear(); });
        }
        for (int run = 1; run <= runs; ++run) {
            settle_disk();
            idle_for(std::chrono::milliseconds(1500));
            move_to(quiet, host.late[idle]);
            move_to(quiet_held, host.held[idle]);
            host.run_during([&] { export_and_commit(host, workspace, static_cast<std::uint64_t>(run)); });
            host.late[idle].clear();
            host.held[idle].clear();
            // What the machine alone does to a loop while other work goes on.
            const std::string to = area.fresh("copy");
            host.run_during([&] { run_program({"cp", "-r", place.root, to}); });
            move_to(beside_copy, host.late[idle]);
            host.held[idle].clear();
        }
        subscription.reset();
        workspace.close();
        loop.close();
    }
    host.turn_once();

    const Goal goal{"at most 1 ms later", std::nullopt, std::nullopt, 1.0};
    for (const double share : {0.5, 0.99, 0.999, 1.0}) {
        add_row(table, "10,000 exports pending", share, host.late[exporting], quiet,
                share == 0.999 ? goal : Goal{"", std::nullopt, std::nullopt, std::nullopt});
    }
    add_row(table, "a thread of the host's puts them", 0.999, host.late[putting], quiet, {});
    add_row(table, "10,000 exports pending, less the wait for a processor", 0.999, host.held[exporting],
            quiet_held, {});
    add_row(table, "their commit, less the wait for a processor", 0.999, host.held[committing], quiet_held,
            {});
    add_row(table, "their commit", 0.999, host.late[committing], quiet, {});
    add_row(table, "idle loop beside `cp -r` of them", 0.999, beside_copy, quiet, {});
}

}  // namespace fluentsync::bench
