#include "child.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fluentsync/fluentsync.hpp>
#include <fstream>
#include <map>
#include <string>

#include "content.hpp"
#include "process.hpp"

namespace fluentsync::bench {

namespace {

/// When the work was done; what comes after is the close.
class Finish {
  public:
    void note() { at_ = Clock::now(); }
    Clock::time_point at() const { return at_; }

  private:
    Clock::time_point at_ = Clock::now();
};

/// Each returns how many entities it brought where they belong.
using Operation = long long (*)(const WorkspaceOptions&, std::size_t, Finish&);

/// Makes the database that exports start from.
long long fill(const WorkspaceOptions& options, std::size_t entities, Finish&) {
    EntityStore store(options.store);
    constexpr std::size_t kBatch = 1000;
    for (std::size_t first = 0; first < entities; first += kBatch) {
        store.put_all(make_entities(first, std::min(kBatch, entities - first)));
    }
    return store.count();
}

long long export_first(const WorkspaceOptions& options, std::size_t, Finish& finish) {
    Workspace workspace(options);
    const auto count = workspace.directory().export_all();
    finish.note();
    return count;
}

long long import_and_commit(const WorkspaceOptions& options, std::size_t entities, Finish& finish) {
    Workspace workspace(options);
    const auto imported = workspace.directory().import_all();
    const auto commit = workspace.git().commit();
    finish.note();
    return imported == static_cast<std::int64_t>(entities) ? commit.files : imported;
}

/// The same with all that follows it: the index too.
long long sync_all(const WorkspaceOptions& options, std::size_t, Finish& finish) {
    Workspace workspace(options);
    workspace.sync();
    finish.note();
    return workspace.store().count();
}

/// A host comes back and nothing has changed: ready when everything that could be pending has landed.
long long restart(const WorkspaceOptions& options, std::size_t, Finish& finish) {
    Workspace workspace(options);
    workspace.start();
    workspace.directory().flush();
    finish.note();
    return workspace.store().count();
}

long long peak_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmHWM:", 0) == 0) {
            return std::stoll(line.substr(6));
        }
    }
    return 0;
}

int report_peak(int count, char** arguments) {
    const Run run = run_program(Arguments(arguments, arguments + count));
    fmt::print("{}\n", run.peak_kib);
    return 0;
}

}  // namespace

int run_as_child(int count, char** arguments) {
    const auto start = Clock::now();
    const std::map<std::string, Operation> operations = {{"fill", fill},
                                                         {"export", export_first},
                                                         {"import", import_and_commit},
                                                         {"sync", sync_all},
                                                         {"restart", restart}};
    try {
        const std::string name = count > 0 ? arguments[0] : "";
        if (name == "peak" && count > 1) {
            return report_peak(count - 1, arguments + 1);
        }
        const auto operation = operations.find(name);
        if (operation == operations.end() || count != 3) {
            fmt::print(stderr, "usage: child OPERATION OPTIONS-JSON N\n");
            return 2;
        }
        Finish finish;
        const auto done = operation->second(parse_options(arguments[1]), std::stoul(arguments[2]), finish);
        fmt::print("{{\"ms\": {}, \"doneAt\": {}, \"peakKib\": {}, \"count\": {}}}\n",
                   std::chrono::duration<double, std::milli>(finish.at() - start).count(),
                   finish.at().time_since_epoch().count(), peak_kib(), done);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}

}  // namespace fluentsync::bench
