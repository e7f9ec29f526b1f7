// fluentsync_bench: a table of our work beside that of the programs people would use instead, in one run.
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "child.hpp"
#include "kept.hpp"
#include "rows.hpp"

namespace {

using namespace fluentsync::bench;

const std::array<RowKind, 6> kRows = {{{"export", measure_export},
                                       {"import", measure_import},
                                       {"restart", measure_restart},
                                       {"write", measure_write},
                                       {"pull", measure_pull},
                                       {"memory", measure_memory}}};

struct Settings {
    std::vector<std::size_t> sizes = {1000, 10'000, 100'000};
    std::vector<std::string> rows = {"export", "import", "restart", "write", "pull", "memory", "heartbeat"};
    int runs = 5;
    std::string folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    std::string json;
    std::string check;

    bool wants(const std::string& row) const {
        return std::find(rows.begin(), rows.end(), row) != rows.end();
    }
};

std::string load() {
    double average[1] = {0};
    getloadavg(average, 1);
    return fmt::format("{:.2f}", average[0]);
}

std::vector<std::string> circumstances(const Settings& settings) {
    utsname system = {};
    uname(&system);
    std::string git = run_program({"git", "--version"}).output;
    git.resize(git.find_last_not_of('\n') + 1);
    return {fmt::format("{} processors, {} {} {}", sysconf(_SC_NPROCESSORS_ONLN), system.sysname,
                        system.release, system.machine),
            git,
            fmt::format("entities of about 2 KB, 10 types, sharded layout; {} runs interleaved, medians",
                        settings.runs),
            fmt::format("load average before: {}", load())};
}

void measure(const Settings& settings, Area& area, Table& table) {
    for (const std::size_t entities : settings.sizes) {
        Size size(area, entities);
        for (const RowKind& row : kRows) {
            if (settings.wants(row.name)) {
                fmt::print(stderr, "{} at {}\n", row.name, entities);
                row.measure(size, table, settings.runs);
            }
        }
    }
    compare_growth(table);
    if (settings.wants("heartbeat")) {
        fmt::print(stderr, "heartbeat\n");
        measure_heartbeat(area, table, settings.runs);
    }
}

std::string read_text(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

int check(const Table& table, const std::string& kept) {
    const Comparison comparison = compare_with_kept(table, kept);
    fmt::print("\n{}\n{} rows got worse by more than 10 %\n", comparison.markdown, comparison.worse);
    return comparison.worse == 0 ? 0 : 3;
}

int run(int count, char** arguments) {
    Settings settings;
    CLI::App app{"Measures FluentSync beside its peers and prints a table."};
    app.add_option("--sizes", settings.sizes, "Numbers of entities")->delimiter(',')->capture_default_str();
    app.add_option("--rows", settings.rows, "Kinds of work")
        ->delimiter(',')
        ->check(CLI::IsMember(Settings().rows))
        ->capture_default_str();
    app.add_option("--runs", settings.runs, "Runs of each, interleaved")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--folder", settings.folder, "Where to work: on a disk, not in memory")
        ->capture_default_str();
    app.add_option("--json", settings.json, "Also write every sample to this file");
    app.add_option("--check", settings.check,
                   "Compare with the table that --json once wrote to this file; a row that got worse by more "
                   "than 10 % ends the run with exit code 3")
        ->check(CLI::ExistingFile);
    CLI11_PARSE(app, count, arguments);
    const std::string kept =
        settings.check.empty() ? "" : read_text(settings.check);  // Before an hour of work.

    auto around = circumstances(settings);
    Area area(settings.folder);  // Removed after the table is told, for that takes a while.
    Table table;
    measure(settings, area, table);
    around.push_back(fmt::format("load average after: {}", load()));
    for (const std::string& line : around) {
        fmt::print("- {}\n", line);
    }
    fmt::print("\n{}", table.markdown());
    std::fflush(stdout);
    if (!settings.json.empty()) {
        std::ofstream(settings.json) << table.json(around);
    }
    return settings.check.empty() ? 0 : check(table, kept);
}

}  // namespace

int main(int count, char** arguments) {
    if (count > 1 && std::strcmp(arguments[1], "child") == 0) {
        return run_as_child(count - 2, arguments + 2);
    }
    try {
        return run(count, arguments);
    } catch (const std::exception& error) {
        std::cerr << "fluentsync_bench: " << error.what() << "\n";
        return 1;
    }
}
