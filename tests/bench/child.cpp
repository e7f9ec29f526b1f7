#include "child.hpp"

#include <fmt/format.h>

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

/// Each returns how many entities it brought where they belong.
using Operation = long long (*)(const WorkspaceOptions&, std::size_t, Clock::time_point, double&);

/// Makes the database that exports start from.
long long fill(const WorkspaceOptions& options, std::size_t entities, Clock::time_point, double&) {
    EntityStore store(options.store);
    constexpr std::size_t kBatch = 1000;
    for (std::size_t first = 0; first < entities; first += kBatch) {
        store.put_all(make_entities(first, std::min(kBatch, entities - first)));
    }
    return store.count();
}

long long export_first(const WorkspaceOptions& options, std::size_t, Clock::time_point start, double& ms) {
    Workspace workspace(options);
    const auto count = workspace.directory().export_all();
    ms = milliseconds_since(start);
    return count;
}

long long import_and_commit(const WorkspaceOptions& options, std::size_t entities, Clock::time_point start,
                            double& ms) {
    Workspace workspace(options);
    const auto imported = workspace.directory().import_all();
    const auto commit = workspace.git().commit();
    ms = milliseconds_since(start);
    return imported == static_cast<std::int64_t>(entities) ? commit.files : imported;
}

/// The same with all that follows it: the index too.
long long sync_all(const WorkspaceOptions& options, std::size_t, Clock::time_point start, double& ms) {
    Workspace workspace(options);
    workspace.sync();
    ms = milliseconds_since(start);
    return workspace.store().count();
}

/// A host comes back and nothing has changed: ready when everything that could be pending has landed.
long long restart(const WorkspaceOptions& options, std::size_t, Clock::time_point start, double& ms) {
    Workspace workspace(options);
    workspace.start();
    workspace.directory().flush();
    ms = milliseconds_since(start);
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
        double ms = 0;
        const auto done = operation->second(parse_options(arguments[1]), std::stoul(arguments[2]), start, ms);
        fmt::print("{{\"ms\": {}, \"peakKib\": {}, \"count\": {}}}\n", ms, peak_kib(), done);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}

}  // namespace fluentsync::bench
