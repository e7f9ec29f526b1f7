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

std::chrono::milliseconds ForeignGit::at_work(git::Repository& repository) {
    const base::Clock& clock = store_.clock();
    if (git::index_is_locked(repository, clock.wall_ms())) {
        through();
        return base::tuning::kIndexLockLook;
    }
    const git::IndexStamp stamp = git::index_stamp(repository);
    const auto age_of = [&](std::int64_t time_ns) {
        return std::chrono::milliseconds(clock.wall_ms() - time_ns / 1'000'000);
    };
    const auto settled = [](std::chrono::milliseconds age) {
        return age.count() < 0 || age >= base::tuning::kIndexSettles;
    };
    if (settled(age_of(stamp.mtime_ns))) {
        return {};
    }
    const auto age = age_of(changed_ns(repository, stamp));
    if (settled(age)) {
        return {};
    }
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock.steady_ms();
    giving_way_since_ = giving_way_since_.value_or(now);
    const bool long_enough = now - *giving_way_since_ >= base::tuning::kGivesWay.count();
    return long_enough ? std::chrono::milliseconds(0) : base::tuning::kIndexSettles - age;
}

void ForeignGit::through() {
    const std::lock_guard lock(mutex_);
    giving_way_since_.reset();
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
