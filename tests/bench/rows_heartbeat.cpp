// The host's 1 ms heartbeat on the loop that it lends, idle and with 10,000 exports pending.
#include <fmt/format.h>
#include <uv.h>

#include <atomic>
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
enum Phase : int { idle, exporting, committing, phases };

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

  private:
    void beat() {
        const auto now = Clock::now();
        const double gap = std::chrono::duration<double, std::milli>(now - last_).count();
        late[phase].push_back(std::max(0.0, gap - 1));
        last_ = now;
    }

    uv_loop_t loop_ = {};
    uv_timer_t timer_ = {};
    uv_async_t stop_ = {};
    Clock::time_point last_;
};

/// A host that listens, as hosts do.
class Listener : public Observer {
  public:
    void on_events(const std::vector<Event>& batch) override { count_ += batch.size(); }

  private:
    std::size_t count_ = 0;
};

void export_and_commit(Host& host, Workspace& workspace, std::uint64_t revision) {
    const auto drafts = make_entities(0, kPending, revision);
    host.phase = exporting;
    workspace.store().put_all(drafts);
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
        for (Samples& samples : host.late) {
            samples.clear();
        }
        for (int run = 1; run <= runs; ++run) {
            settle_disk();
            idle_for(std::chrono::milliseconds(1500));
            quiet.insert(quiet.end(), host.late[idle].begin(), host.late[idle].end());
            host.run_during([&] { export_and_commit(host, workspace, static_cast<std::uint64_t>(run)); });
            host.late[idle].clear();
            // What the machine alone does to a loop while other work goes on.
            const std::string to = area.fresh("copy");
            host.run_during([&] { run_program({"cp", "-r", place.root, to}); });
            beside_copy.insert(beside_copy.end(), host.late[idle].begin(), host.late[idle].end());
            host.late[idle].clear();
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
    add_row(table, "their commit", 0.999, host.late[committing], quiet, {});
    add_row(table, "idle loop beside `cp -r` of them", 0.999, beside_copy, quiet, {});
}

}  // namespace fluentsync::bench
