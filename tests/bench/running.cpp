#include "running.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "content.hpp"

namespace fluentsync::bench {

namespace {

constexpr std::chrono::seconds kPatience{60};

/// Every write of a run is a content that no other had.
std::uint64_t next_revision() {
    static std::uint64_t last = 0;
    return ++last;
}

}  // namespace

void CommitWatch::on_events(const std::vector<Event>& batch) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    for (const Event& event : batch) {
        if (event.kind == EventKind::git_committed) {
            commits_.push_back(now);
            arrived_.notify_all();
        }
    }
}

std::size_t CommitWatch::count() {
    const std::lock_guard lock(mutex_);
    return commits_.size();
}

Clock::time_point CommitWatch::wait_for(std::size_t number) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, kPatience, [&] { return commits_.size() >= number; })) {
        throw std::runtime_error("a write was not committed within a minute");
    }
    return commits_[number - 1];
}

Running::Running(const Place& place) : index_path_(place.root + "/.git/index"), workspace_(place.options()) {
    subscription_ = workspace_.subscribe(commits_);
    workspace_.start();
    workspace_.directory().flush();
    index_seen_ = index_now();
}

double Running::write(std::size_t entity) {
    const EntityDraft draft = make_entity(entity, next_revision());
    const std::size_t before = commits_.count();
    index_seen_ = index_now();
    const auto start = Clock::now();
    workspace_.store().put(draft);
    return std::chrono::duration<double, std::milli>(commits_.wait_for(before + 1) - start).count();
}

struct stat Running::index_now() const {
    struct stat result = {};
    stat(index_path_.c_str(), &result);
    return result;
}

void Running::wait_for_index() {
    const auto start = Clock::now();
    for (;;) {
        const struct stat now = index_now();
        if (now.st_ino != index_seen_.st_ino || now.st_mtim.tv_sec != index_seen_.st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != index_seen_.st_mtim.tv_nsec) {
            break;
        }
        if (Clock::now() - start > kPatience) {
            throw std::runtime_error("git's index did not follow within a minute");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    workspace_.directory().flush();  // Behind it on the same lane.
}

}  // namespace fluentsync::bench
