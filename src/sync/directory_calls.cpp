// The calls of DirectorySync that wait, and its status.
#include "base/text.hpp"
#include "sync/directory_body.hpp"

#include <fmt/format.h>
#include "store/held_deletions.hpp"
#include "store/records.hpp"
#include "sync/export_log.hpp"
#include "sync/folder_identity.hpp"
#include "sync/rescan.hpp"

namespace fluentsync::sync {

namespace {

/// Rounds that flush() and its kin give to files that keep changing under it.
constexpr int kMostRounds = 60;
/// So many of them give way to a person's git; then what somebody waits for is written all the same.
constexpr int kRoundsForGit = 20;

class Insisting {
  public:
    Insisting(bool& flag, bool insists) : flag_(flag) { flag_ = insists; }
    ~Insisting() { flag_ = false; }
    Insisting(const Insisting&) = delete;
    Insisting& operator=(const Insisting&) = delete;

  private:
    bool& flag_;
};

void add_up(SettleReport& sum, SettleReport&& one) {
    sum.exported += one.exported;
    sum.removed += one.removed;
    sum.imported += one.imported;
    sum.deleted += one.deleted;
    sum.plain += one.plain;
    sum.back += one.back;
    sum.again = std::move(one.again);
    sum.failed = std::move(one.failed);
    sum.last_code = one.last_code;
    sum.last_error = std::move(one.last_error);
}

}  // namespace

SettleReport DirectoryBody::settle_until_quiet(const std::function<void(Settler&)>& first) {
    store_.database().check_may_wait();
    SettleReport sum;
    bool whole = false;  // A round in which `first` took part has gone to its end.
    for (int round = 0; round < kMostRounds; round += whole ? 1 : 0) {
        bool missing = false;
        lane_.run([&] {
            claim();
            require_root();
            std::shared_ptr<files::Watcher> watcher;
            {
                const std::lock_guard lock(mutex_);
                watcher = watcher_;
            }
            if (watcher) {
                watcher->drain();
            }
            store_.look_for_foreign_writes();
            const Insisting insisting(context_.insists, round >= kRoundsForGit);
            add_up(sum, run_round(whole ? std::function<void(Settler&)>() : first));
            whole = whole || !context_.giving_way;
            missing = missing_wait(context_);
        });
        if (whole && sum.again.empty() && !missing) {
            break;
        }
        if (!between_looks_.wait(missing ? base::tuning::kMissingRecheck : base::tuning::kUnstableRetry)) {
            throw Error(ErrorCode::closed, "closed while files were still being looked at");
        }
    }
    if (!sum.failed.empty()) {
        throw Error(sum.last_code, sum.last_error, sum.failed.front());
    }
    if (!sum.again.empty()) {
        throw Error(ErrorCode::io, fmt::format("{}: the file keeps changing", sum.again.front()),
                    sum.again.front());
    }
    return sum;
}

void DirectoryBody::flush() {
    settle_until_quiet([this](Settler& settler) {
        if (!watching_) {  // No events told what changed.
            settler.settle(changed_since_ledger(context_), "import");
        }
    });
}

std::int64_t DirectoryBody::export_all() {
    const SettleReport sum =
        settle_until_quiet([this](Settler& settler) { export_everything(context_, settler); });
    return sum.exported + sum.removed;
}

std::int64_t DirectoryBody::import_all() {
    const SettleReport sum = settle_until_quiet(
        [this](Settler& settler) { settler.settle(changed_since_ledger(context_), "import"); });
    return sum.imported + sum.deleted;
}

std::int64_t DirectoryBody::confirm_deletions() {
    const std::int64_t count = entities_.confirm_deletions();
    post_round();
    return count;
}

DirectoryStatus DirectoryBody::status() const {
    DirectoryStatus status;
    const std::int64_t now = store_.clock().steady_ms();
    const auto age = [now](std::int64_t since) {
        return since < 0 ? std::nullopt : std::optional(now - since);
    };
    status.watching = watching_;
    status.last_sync = last_sync_;
    status.export_progress_age = age(export_progress_);
    status.import_progress_age = age(import_progress_);
    status.held = entities_.held();
    status.pending_exports = count_pending_exports(context_, {});
    store_.read([&](store::Connection& connection) {
        status.held_deletions = store::count_held_deletions(connection);
        if (const auto last = store::get_value(connection, kLastSync); last && status.last_sync == 0) {
            status.last_sync = base::number_in(*last).value_or(0);
        }
    });
    const FolderLook folder = verified_ ? FolderLook{true, {}} : look_at_folder(context_);
    status.root_verified = folder.verified;
    const std::lock_guard lock(mutex_);
    status.auto_sync = running_;
    status.pending_imports = static_cast<std::int64_t>(pending_.size()) + waiting_;
    status.last_error = last_error_.empty() ? folder.fault : last_error_;
    return status;
}

}  // namespace fluentsync::sync
