#include "run_desk.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fluentsync/error.hpp>
#include <thread>

#include "files.hpp"
#include "output.hpp"

namespace cli {
namespace {

using fluentsync::Error;
using fluentsync::ErrorCode;

constexpr std::chrono::milliseconds kLookAgain{50};
constexpr std::chrono::minutes kPatience{10};

constexpr const char* kDesk = "run.json";
constexpr std::size_t kLargestDesk = 16 << 20;

/// -1: there is none, or none that could be had.
int open_desk_lock(const Root& root, bool create) try {
    const auto state = root.state();
    return state ? state->open_lock("run.lock", create) : -1;
} catch (const Error&) {
    return -1;
}

struct flock whole_file() {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

/// 0: nobody that this process can see.
pid_t desk_holder(int descriptor) {
    auto lock = whole_file();
    const bool held = ::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    return held && lock.l_pid > 0 ? lock.l_pid : 0;
}

struct Desk {
    std::int64_t begun = 0;
    std::int64_t ended = 0;
    SyncReport report;
};

/// Nothing where there is none, or half of one.
std::optional<Desk> read_desk(const Root& root) try {
    const auto state = root.state();
    const auto text = state ? state->read(kDesk, kLargestDesk) : std::nullopt;
    if (!text) return std::nullopt;
    const auto json = parsed(*text);
    Desk desk{json.at("begun").get<std::int64_t>(), json.at("ended").get<std::int64_t>(), {}};
    desk.report.line = json.at("line").get<std::string>();
    desk.report.complaints = json.at("complaints").get<std::vector<std::string>>();
    desk.report.code = json.at("code").get<int>();
    return desk;
} catch (const Error&) {
    return std::nullopt;
} catch (const Json::exception&) {
    return std::nullopt;
}

SyncReport wait_for_answer(const Root& root, int lock, pid_t holder, std::int64_t after) {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    const auto who = "process " + std::to_string(holder) + ", which keeps " + root.folder() + " in step,";
    while (std::chrono::steady_clock::now() < give_up) {
        const auto desk = read_desk(root);
        if (desk && desk->ended > after) return desk->report;
        if (desk_holder(lock) != holder)
            throw Error(ErrorCode::folder_owned, who + " has ended meanwhile; sync again", root.folder());
        std::this_thread::sleep_for(kLookAgain);
    }
    throw Error(ErrorCode::folder_owned, who + " gives no answer; see what it tells", root.folder());
}

}  // namespace

RunDesk::RunDesk(const Root& root) : root_(root), lock_(open_desk_lock(root, true)) {
    auto lock = whole_file();
    if (lock_ >= 0 && ::fcntl(lock_, F_SETLK, &lock) == 0) {
        write({});
    } else if (lock_ >= 0) {
        ::close(lock_);
        lock_ = -1;
    }
}

RunDesk::~RunDesk() {
    if (lock_ < 0) return;
    try {
        if (const auto state = root_.state()) state->remove(kDesk);
    } catch (const Error&) {  // What stays says nothing without a process that holds the lock.
    }
    ::close(lock_);
}

void RunDesk::sync_begins() {
    ++begun_;
    write({});
}

void RunDesk::sync_ended(const SyncReport& report) {
    ended_ = begun_;
    write(report);
}

/// Whoever asks gets no answer where nothing can be written; the sync itself is none the worse.
void RunDesk::write(const SyncReport& report) const try {
    if (lock_ < 0) return;
    const Json json{{"begun", begun_},
                    {"ended", ended_},
                    {"code", report.code},
                    {"line", report.line},
                    {"complaints", report.complaints}};
    if (const auto state = root_.state()) state->replace(kDesk, json_text(json) + '\n');
} catch (const Error&) {
}

std::optional<SyncReport> ask_running(const Root& root) {
    const Descriptor lock(open_desk_lock(root, false));
    const pid_t holder = lock.number() < 0 ? 0 : desk_holder(lock.number());
    const auto desk = read_desk(root);
    // The number first: a sync that begins from now on sees all that was there when it was asked for.
    if (holder == 0 || !desk || ::kill(holder, SIGUSR1) != 0) return std::nullopt;
    return wait_for_answer(root, lock.number(), holder, desk->begun);
}

}  // namespace cli
