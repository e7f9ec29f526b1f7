#include "sync/foreign_git.hpp"

#include <fmt/format.h>

#include <sstream>
#include <utility>

#include "base/tuning.hpp"
#include "store/records.hpp"

namespace fluentsync::sync {

namespace {

/// Named value of the database: the version of the index that we wrote last.
constexpr const char* kIndexWritten = "index_written";

std::string to_text(const git::IndexVersion& version) {
    return fmt::format("{} {} {} {}", version.stamp.mtime_ns, version.stamp.inode, version.stamp.size,
                       version.entries.hex());
}

std::optional<git::IndexVersion> to_version(const std::string& text) {
    std::istringstream words(text);
    git::IndexVersion version;
    std::string hex;
    words >> version.stamp.mtime_ns >> version.stamp.inode >> version.stamp.size >> hex;
    const auto entries = base::ObjectId::from_hex(hex);
    if (!words || !entries) {
        return std::nullopt;
    }
    version.entries = *entries;
    return version;
}

}  // namespace

std::chrono::milliseconds ForeignGit::at_work(git::Repository& repository, Work work) {
    const base::Clock& clock = store_.clock();
    const bool locked = git::index_is_locked(repository, clock.wall_ms());
    const auto pause = locked ? base::tuning::kIndexLockLook : unsettled_for(repository, work);
    const std::int64_t now = clock.steady_ms();
    const std::lock_guard lock(mutex_);
    Patience& patience = of(work);
    if (pause.count() == 0) {
        patience = {};
        return {};
    }
    patience.began = patience.began.value_or(now);
    if (locked) {
        patience.unlocked.reset();  // Whoever held it moves HEAD next.
        return pause;
    }
    patience.unlocked = patience.unlocked.value_or(now);
    const bool long_enough = now - *patience.unlocked >= base::tuning::kGivesWay.count() ||
                             now - *patience.began >= base::tuning::kLivingLock.count();
    return long_enough ? std::chrono::milliseconds(0) : pause;
}

/// Without regard to how long that has been so. Zero: at rest.
std::chrono::milliseconds ForeignGit::unsettled_for(git::Repository& repository, Work work) {
    if (work == Work::round && !repository.operation_in_progress().empty()) {
        return base::tuning::kIndexSettles;
    }
    const std::int64_t now_ms = store_.clock().wall_ms();
    const auto left_of = [&](std::int64_t time_ns) {
        const auto age = std::chrono::milliseconds(now_ms - time_ns / 1'000'000);
        const bool settled = age.count() < 0 || age >= base::tuning::kIndexSettles;
        return settled ? std::chrono::milliseconds(0) : base::tuning::kIndexSettles - age;
    };
    const git::IndexStamp stamp = git::index_stamp(repository);
    const auto left = left_of(stamp.mtime_ns);
    return left.count() == 0 ? left : left_of(changed_ns(repository, stamp));
}

void ForeignGit::through() {
    const std::lock_guard lock(mutex_);
    commits_ = {};
}

std::int64_t ForeignGit::changed_ns(git::Repository& repository, const git::IndexStamp& stamp) {
    if (const auto seen = seen_as(stamp)) {
        return seen->changed_ns;
    }
    try {
        const git::IndexVersion version = git::index_version(repository);
        met(version);
        const auto seen = seen_as(version.stamp);
        return seen ? seen->changed_ns : stamp.mtime_ns;
    } catch (const Error&) {  // The commit says what is wrong with it.
        return stamp.mtime_ns;
    }
}

std::optional<ForeignGit::Seen> ForeignGit::seen_as(const git::IndexStamp& stamp) {
    recall();
    const std::lock_guard lock(mutex_);
    for (const Seen& seen : seen_) {
        if (seen.version.stamp == stamp) {
            return seen;
        }
    }
    return std::nullopt;
}

void ForeignGit::met(const git::IndexVersion& version) {
    recall();
    const std::lock_guard lock(mutex_);
    if (seen_[0].version.entries != version.entries) {
        seen_ = {Seen{version, version.stamp.mtime_ns}, seen_[0]};
    } else {
        seen_[0].version.stamp = version.stamp;
    }
}

void ForeignGit::about_to_write(store::Connection& connection, const git::IndexVersion& version) {
    store::set_value(connection, kIndexWritten, to_text(version));
    const std::lock_guard lock(mutex_);
    seen_ = {Seen{version, seen_[0].changed_ns}, seen_[0]};
}

/// What an earlier process wrote, at the first question.
void ForeignGit::recall() {
    {
        const std::lock_guard lock(mutex_);
        if (recalled_) {
            return;
        }
    }
    std::optional<git::IndexVersion> written;
    store_.read([&](store::Connection& connection) {
        written = to_version(store::get_value(connection, kIndexWritten).value_or(""));
    });
    const std::lock_guard lock(mutex_);
    if (!std::exchange(recalled_, true) && written) {
        seen_[0].version = *written;
    }
}

}  // namespace fluentsync::sync
