/// Where `run` is asked for a sync by another process, and answers.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "root.hpp"
#include "sync_report.hpp"

namespace cli {

/// `run`'s side. Two files in ROOT/.fluentsync: `run.lock`, whose holder the system knows for sure, and
/// `run.json` with the number of the sync that began last, and of the one that ended last with what it came
/// to.
class RunDesk {
  public:
    /// Takes the lock; another holder leaves us without a desk, since only the folder's owner needs one.
    explicit RunDesk(const Root& root);
    RunDesk(const RunDesk&) = delete;
    RunDesk& operator=(const RunDesk&) = delete;
    ~RunDesk();

    void sync_begins();
    void sync_ended(const SyncReport& report);

  private:
    void write(const SyncReport& report) const;

    const Root& root_;
    int lock_ = -1;
    std::int64_t begun_ = 0;
    std::int64_t ended_ = 0;
};

/// Asks the `run` that owns the folder for a sync by SIGUSR1, and waits for what comes of it. Nothing: there
/// is no such process that could be asked. Throws Error(folder_owned) when it ends or gives no answer in ten
/// minutes.
std::optional<SyncReport> ask_running(const Root& root);

}  // namespace cli
