/// File systems mounted below the root. One that goes away, or that another is mounted over, hides files
/// that nobody has deleted: nothing known there is missing, and nothing is written in its place.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace fluentsync::sync {

struct SyncContext;

/// What is mounted where is noted in the database when it is first seen. A mount point that is another thing
/// now (another file system, none, or one where there was none) hides what is known below it, unless
///  - nothing is known below,
///  - one of the files known below is on what is mounted now, as the ledger has it (an id that is another
///    one after a restart); where nothing is mounted: all are (they were moved), or
///  - a person has confirmed that all of them may go.
/// Then the note is made anew. What is hidden is a held deletion of each file, told as such, and the folder
/// is held with the reason.
class Mounts {
  public:
    /// Lane. Whether something is hidden or shown that was not at the last look, or mounted anew: then
    /// everything is to be looked at.
    bool look(SyncContext& context);
    /// Any thread.
    bool hide(const std::string& path) const;
    /// Lane: something is, or should be, mounted below the root.
    bool any() const { return !seen_.empty() || !noted_.empty(); }

  private:
    using Ids = std::map<std::string, std::string>;  ///< By path.
    struct Judged;
    bool may_be_shown(SyncContext& context) const;
    Judged judge(SyncContext& context, const std::string& point) const;
    void carry_out(SyncContext& context, const Judged& judged);
    void set_hidden(std::set<std::string> hidden);

    bool looked_ = false;
    Ids noted_;
    Ids seen_;
    std::vector<std::string> probes_;  ///< A file of each that is hidden.
    mutable std::mutex mutex_;
    std::set<std::string> hidden_;  ///< Mount points; guarded by the mutex.
    std::atomic<bool> any_hidden_{false};
};

}  // namespace fluentsync::sync
