/// The body of DirectorySync: pending work, timers, the local lane.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "files/root_claim.hpp"
#include "files/watcher.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/status.hpp"
#include "plan/pending_paths.hpp"
#include "plan/retry.hpp"
#include "runtime/lane.hpp"
#include "runtime/loop_body.hpp"
#include "runtime/loop_use.hpp"
#include "runtime/pause.hpp"
#include "sync/context.hpp"
#include "sync/debounced_trigger.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

/// Named value of the database: when agreed contents last moved, milliseconds since the Unix epoch.
inline constexpr const char* kLastSync = "last_sync";

/// Threads: public functions from any thread, but those marked lane. The loop thread only files what happened
/// into `pending_` and posts; all work is done on the lane.
class DirectoryBody {
  public:
    DirectoryBody(std::shared_ptr<runtime::LoopBody> loop, EntityStore& store,
                  const DirectoryOptions& options);
    ~DirectoryBody();

    void start();
    void stop();
    /// Runs what is pending until nothing is left that a further look could settle. Returns the sum of all
    /// rounds.
    SettleReport settle_until_quiet(const std::function<void(Settler&)>& first);
    void flush();
    std::int64_t export_all();
    std::int64_t import_all();
    std::int64_t confirm_deletions();
    DirectoryStatus status() const;
    /// Throws Error(misuse) inside a transaction: the lane that close() waits for may wait for its end.
    void check_may_close() const { store_.database().check_may_close(); }
    void close();

    /// For the git hops, which share the lane.
    runtime::Lane& lane() { return lane_; }
    SyncContext& context() { return context_; }
    /// Lane: takes the folder if it is not taken yet.
    void claim();
    /// Lane: Error(root_unverified) unless the claimed folder is still the one at its path.
    void require_root();
    /// Lane: one round over everything pending, now.
    SettleReport run_round(const std::function<void(Settler&)>& extra = {});
    /// Lane: takes up again what gave way.
    void go_on();
    /// Lane: whether the ledger proves the files current: nothing pending in either direction.
    bool proven_current() const;
    /// Any thread: look at these again soon.
    void look_again(std::vector<std::string> paths, std::chrono::milliseconds after);
    /// Called on the lane after agreed contents moved. An empty function takes it away (lane or idle lane
    /// only).
    void set_agreed_listener(std::function<void()> listener) { agreed_ = std::move(listener); }
    /// Called on the lane once start()'s first look is through.
    void set_ready_listener(std::function<void()> listener) { ready_ = std::move(listener); }
    std::int64_t export_runs() const { return export_runs_; }

  private:
    void tell_content_limit();
    void watch(bool walk_follows);
    void watch_or_rescan();
    void rescans_stand_in(const std::string& why);
    void short_of_watches(const files::Watcher& watcher);
    files::WatchSink watch_sink();
    void post_round();
    void run_posted();
    SettleReport carry_out_round(const std::function<void(Settler&)>& extra);
    void take_pending(Settler& settler);
    void after_round(const SettleReport& report);
    void tell_round(const SettleReport& report) const;
    bool check_root();
    bool find_root();
    void root_is_lost();
    void root_is_found();
    void arm_rescan();
    void arm_again(std::chrono::milliseconds after);

    std::shared_ptr<runtime::LoopBody> loop_;
    runtime::LoopUse loop_use_;
    EntityStore& entities_;
    store::StoreBody& store_;
    SyncContext context_;
    std::function<void()> agreed_;
    std::function<void()> ready_;

    // Lane only.
    std::unique_ptr<files::RootClaim> claim_;
    plan::Retry retry_;
    bool root_lost_ = false;
    bool first_round_ = false;

    mutable std::mutex mutex_;
    runtime::Pause between_looks_;  ///< Of the calls that wait; ended by close().
    plan::PendingPaths pending_;
    bool round_posted_ = false;
    bool running_ = false;
    bool settling_in_ = false;  ///< The first look of start() is not through yet, watched or not.
    bool stopped_ = false;      ///< By stop(): nothing that was posted or armed before runs on.
    bool listening_ = false;    ///< The store's change listener is ours.
    bool closed_ = false;
    std::string last_error_;
    std::shared_ptr<files::Watcher> watcher_;

    std::atomic<bool> watching_{false};
    std::atomic<bool> verified_{false};
    std::atomic<std::int64_t> waiting_{0};
    std::atomic<std::int64_t> last_sync_{0};
    std::atomic<std::int64_t> export_progress_{-1};
    std::atomic<std::int64_t> import_progress_{-1};
    std::atomic<std::int64_t> export_runs_{0};

    runtime::Lane lane_;
    DebouncedTrigger batch_;
    runtime::Timer again_timer_;
    runtime::Timer rescan_timer_;
};

}  // namespace fluentsync::sync
