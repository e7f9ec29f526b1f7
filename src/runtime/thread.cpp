#include "runtime/thread.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <initializer_list>
#include <utility>

namespace fluentsync::runtime {
namespace {

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

void lower_priority() noexcept {
    constexpr int kNice = 10;
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);  // Refused: no harm, only later timers.
}

}  // namespace fluentsync::runtime
