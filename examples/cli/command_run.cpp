#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fluentsync/fluentsync.hpp>
#include <string>

#include "commands.hpp"
#include "event_text.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "root.hpp"

namespace cli {
namespace {

/// Blocked before the first thread starts, these signals reach wait() alone.
class StopSignals {
  public:
    StopSignals() {
        sigemptyset(&set_);
        for (const int number : {SIGINT, SIGTERM, SIGHUP})
            sigaddset(&set_, number);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    void wait() const {
        int number = 0;
        while (sigwait(&set_, &number) != 0) {
        }
    }

  private:
    sigset_t set_{};
};

class EventPrinter : public fluentsync::Observer {
  public:
    explicit EventPrinter(bool json) : json_(json) {}

    void on_events(const std::vector<fluentsync::Event>& batch) override {
        for (const auto& event : batch)
            tell(event);
        // Nobody reads any more: end as if told to.
        if (std::ferror(stdout) != 0) ::kill(::getpid(), SIGTERM);
    }
    /// Why there is nothing left to keep in step; empty: there is. Once the subscription has ended.
    const std::string& fatal() const { return fatal_; }
    /// Once the subscription has ended.
    void clear() { progress_.clear(); }

  private:
    void tell(const fluentsync::Event& event) {
        if (event.kind == fluentsync::EventKind::progress) {
            progress_.show(event);
            return;
        }
        progress_.clear();
        // Any process that is started from here on works on the database that is there now.
        if (event.code == fluentsync::ErrorCode::database_gone && fatal_.empty()) {
            fatal_ = event.message;
            ::kill(::getpid(), SIGTERM);
        }
        print(json_ ? event_json(event) : event_line(event));
        std::fflush(stdout);
    }

    bool json_;
    std::string fatal_;
    ProgressLine progress_;
};

}  // namespace

int run_command(const Arguments& words) {
    const Root root(words.root);
    const auto options = root.options();
    const StopSignals signals;
    EventPrinter printer(words.json);
    fluentsync::Workspace workspace(options);
    auto subscription = workspace.subscribe(printer);
    workspace.start();
    if (::isatty(STDERR_FILENO) == 1) complain("keeping " + root.folder() + " in step; Ctrl-C ends");
    signals.wait();
    workspace.close();
    subscription.reset();
    printer.clear();
    if (printer.fatal().empty()) return kOk;
    complain(printer.fatal());
    return kEnvironment;
}

}  // namespace cli
