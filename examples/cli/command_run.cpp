#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <fluentsync/fluentsync.hpp>
#include <string>

#include "commands.hpp"
#include "event_text.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "output_thread.hpp"
#include "progress_line.hpp"
#include "root.hpp"
#include "run_desk.hpp"
#include "sync_requests.hpp"

namespace cli {
namespace {

void end_as_if_told_to() {
    ::kill(::getpid(), SIGTERM);
}

/// Blocked before the first thread starts, these signals reach wait() alone.
class Signals {
  public:
    Signals() {
        sigemptyset(&set_);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1})
            sigaddset(&set_, number);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// True: somebody wants a sync now. False: the end.
    bool wait() const {
        int number = 0;
        while (sigwait(&set_, &number) != 0) {
        }
        return number == SIGHUP || number == SIGUSR1;
    }

  private:
    sigset_t set_{};
};

/// On the loop's thread, which must never wait for a reader.
class EventPrinter : public fluentsync::Observer {
  public:
    explicit EventPrinter(bool json)
        : json_(json),
          output_([this](std::int64_t count) { return dropped_line(count); }, end_as_if_told_to),
          progress_([this](std::string text) { output_.show(std::move(text)); }) {}

    void on_events(const std::vector<fluentsync::Event>& batch) override {
        for (const auto& event : batch)
            tell(event);
    }
    /// Once the subscription has ended. Throws Error(io) where standard output failed.
    void close() {
        progress_.clear();
        output_.close();
    }
    /// Why there is nothing left to keep in step; empty: there is. Once the subscription has ended.
    const std::string& fatal() const { return fatal_; }

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
            end_as_if_told_to();
        }
        output_.print(line(event));
    }

    std::string line(const fluentsync::Event& event) const {
        return json_ ? event_json(event) : event_line(event);
    }

    std::string dropped_line(std::int64_t count) const {
        fluentsync::Event event;
        event.kind = fluentsync::EventKind::events_dropped;
        event.time = now_ms();
        event.count = count;
        return line(event);
    }

    bool json_;
    std::string fatal_;
    OutputThread output_;
    ProgressLine progress_;
};

}  // namespace

int run_command(const Arguments& words) {
    const Root root(words);
    const auto options = root.checked_options();
    const Signals signals;
    EventPrinter printer(words.json);
    fluentsync::Workspace workspace(options);
    auto subscription = workspace.subscribe(printer);
    workspace.start();
    RunDesk desk(root);
    SyncRequests requests(workspace, desk, words.root);
    if (::isatty(STDERR_FILENO) == 1) complain("keeping " + root.folder() + " in step; Ctrl-C ends");
    while (signals.wait())
        requests.ask();
    requests.refuse();
    workspace.close();
    requests.end();
    subscription.reset();
    printer.close();
    if (printer.fatal().empty()) return kOk;
    complain(printer.fatal());
    return kEnvironment;
}

}  // namespace cli
