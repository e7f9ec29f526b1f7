#include "runtime/thread.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace fluentsync::runtime {
namespace {

/// The first version of the kernel's sched_attr; <linux/sched/types.h> does not go with glibc's <sched.h>.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};

sigset_t signals_of_the_host() {
    sigset_t set;
    sigfillset(&set);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPROF}) {
        sigdelset(&set, fault);
    }
    return set;
}

/// A new thread inherits the mask, so it is set around the start: no signal slips in between.
class BlockedSignals {
  public:
    BlockedSignals() {
        const sigset_t blocked = signals_of_the_host();
        pthread_sigmask(SIG_BLOCK, &blocked, &before_);
    }
    BlockedSignals(const BlockedSignals&) = delete;
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

}  // namespace

std::thread start_thread(const std::string& name, std::function<void()> body) {
    const BlockedSignals blocked;
    return std::thread([name = name.substr(0, 15), body = std::move(body)] {
        pthread_setname_np(pthread_self(), name.c_str());
        body();
    });
}

void give_way(int by) noexcept {
    // A long slice says that this thread does not mind to wait: since Linux 6.12 one that wakes with a
    // shorter slice, as the host's loop has, runs at once instead of behind it. Older kernels pass over it.
    constexpr std::uint64_t kSliceNs = 100'000'000;
    // Relative: a host that is nice itself has threads that are nicer still.
    const int nice = std::min(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())) + by, 19);
    SchedulingAttributes attributes;
    attributes.policy = SCHED_BATCH;
    attributes.nice = nice;
    attributes.runtime = kSliceNs;
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return;
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice);  // Refused: no harm, only later timers.
}

}  // namespace fluentsync::runtime
