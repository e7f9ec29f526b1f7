// The program: known failures first, then seeds; one that fails is shrunk and printed.
#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

#include "jobs.hpp"
#include "memory_database.hpp"
#include "runner.hpp"
#include "shrink.hpp"
#include "witness.hpp"

namespace {

using namespace simulation;

constexpr const char* kUsage =
    "usage: simulation [--known FOLDER] [--runs N] [--seed S] [--steps N] [--replicas auto|1|2|3]\n"
    "                  [--minutes M] [--jobs N] [--twice] [--keep-going] [--no-shrink]\n"
    "       simulation --replay SEED|FILE [--steps N] [--replicas N] [--trace] [--no-shrink]\n"
    "  --known FOLDER   first replays every script there (failures that were mended)\n"
    "  --minutes M      goes on for so long, from a random seed unless --seed says one\n"
    "  --jobs N         in so many processes at once\n"
    "  --twice          runs each seed twice and compares what happened\n"
    "  --keep-going     tells of every failure instead of ending with the first\n";

struct Arguments {
    GenerateOptions generate;
    std::optional<std::uint64_t> seed;
    std::int64_t runs = 0;
    double minutes = 0;
    int jobs = 1;
    std::string known;
    std::string replay;
    bool twice = false;
    bool keep_going = false;
    bool shrink = true;
    bool trace = false;
};

Arguments parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        const auto value = [&]() -> std::string {
            if (i + 1 == argc) throw std::runtime_error(name + " needs a value");
            return argv[++i];
        };
        if (name == "--runs") {
            arguments.runs = std::stoll(value());
        } else if (name == "--seed") {
            arguments.seed = std::stoull(value());
        } else if (name == "--steps") {
            arguments.generate.steps = std::stoi(value());
        } else if (name == "--replicas") {
            const std::string count = value();
            arguments.generate.replicas = count == "auto" ? 0 : std::stoi(count);
        } else if (name == "--minutes") {
            arguments.minutes = std::stod(value());
        } else if (name == "--jobs") {
            arguments.jobs = std::stoi(value());
        } else if (name == "--known") {
            arguments.known = value();
        } else if (name == "--replay") {
            arguments.replay = value();
        } else if (name == "--twice") {
            arguments.twice = true;
        } else if (name == "--keep-going") {
            arguments.keep_going = true;
        } else if (name == "--no-shrink") {
            arguments.shrink = false;
        } else if (name == "--trace") {
            arguments.trace = true;
        } else {
            throw std::runtime_error("what is " + name + "?");
        }
    }
    if (arguments.generate.replicas < 0 || arguments.generate.replicas > 3 || arguments.generate.steps < 0) {
        throw std::runtime_error("--replicas takes auto, 1, 2 or 3; --steps no negative number");
    }
    if (arguments.jobs < 1 || arguments.jobs > kMostJobs) {
        throw std::runtime_error("--jobs takes a number from 1 to " + std::to_string(kMostJobs));
    }
    return arguments;
}

Script read_script(const std::filesystem::path& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    return parse_script(in);
}

class Session {
  public:
    explicit Session(const Arguments& arguments) : arguments_(arguments) {}

    int run() {
        if (!arguments_.replay.empty()) return replay();
        known();
        const std::uint64_t first = arguments_.seed.value_or(
            arguments_.minutes > 0 ? std::random_device()() * std::uint64_t{1000} : 1);
        tally_->next_seed = first;
        in_processes(arguments_.jobs, *tally_, [&](int job) { run_seeds(first, job); });
        std::printf("%lld runs, %lld steps, %lld failed, %.1f s\n", shown(tally_->runs), shown(tally_->steps),
                    shown(tally_->failures), seconds());
        return tally_->failures == 0 ? 0 : 1;
    }

  private:
    static long long shown(const std::atomic<std::int64_t>& count) { return count; }

    void run_seeds(std::uint64_t first, int job) {
        while (true) {
            const std::uint64_t seed = tally_->next_seed++;
            if (!may_go_on(static_cast<std::int64_t>(seed - first))) break;
            tally_->current_seed.at(static_cast<std::size_t>(job)) = seed;
            attempt(generate(seed, arguments_.generate), "seed " + std::to_string(seed));
        }
        remove_places();
    }

    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    }

    bool may_go_on(std::int64_t done) const {
        if (tally_->failures > 0 && !arguments_.keep_going) return false;
        return arguments_.minutes > 0 ? seconds() < arguments_.minutes * 60 : done < arguments_.runs;
    }

    void known() {
        if (arguments_.known.empty()) return;
        std::int64_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(arguments_.known)) {
            if (entry.path().extension() != ".script") continue;
            attempt(read_script(entry.path()), entry.path().filename().string());
            ++count;
        }
        std::printf("%lld known failures replayed\n", static_cast<long long>(count));
    }

    int replay() {
        const bool number = arguments_.replay.find_first_not_of("0123456789") == std::string::npos;
        const Script script = number ? generate(std::stoull(arguments_.replay), arguments_.generate)
                                     : read_script(arguments_.replay);
        if (arguments_.trace) {
            run_script(script, [](const std::string& line) { std::cout << line << '\n'; });
        }
        attempt(script, arguments_.replay);
        if (tally_->failures == 0) std::cout << arguments_.replay << ": every promise held\n";
        return tally_->failures == 0 ? 0 : 1;
    }

    void attempt(const Script& script, const std::string& name) {
        const Outcome outcome = run_script(script);
        ++tally_->runs;
        tally_->steps += static_cast<std::int64_t>(script.steps.size());
        if (outcome.failure.empty() && arguments_.twice && run_script(script).trace != outcome.trace) {
            ++tally_->failures;
            std::cout << name << ": two runs of it differ\n";
        }
        if (outcome.failure.empty()) return;
        ++tally_->failures;
        std::cout << name << ": " << outcome.failure << std::endl;
        if (!arguments_.shrink) return;
        const Script small = shrink(script, outcome.failure,
                                    [](const Script& smaller) { return run_script(smaller).failure; });
        std::cout << "shrunk to " << small.steps.size()
                  << " steps, which fail with: " << run_script(small).failure << '\n'
                  << to_text(small) << std::flush;
    }

    const Arguments arguments_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    const SharedTally tally_;
};

}  // namespace

int main(int argc, char** argv) {
    int code = 2;
    // Without it every time stamp that git writes asks the disk for the time zone.
    ::setenv("TZ", "UTC0", 1);
    // Worlds come and go: their memory is kept instead of being given back to the system.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
    prepare_libgit2();
    keep_databases_in_memory();
    try {
        code = Session(parse(argc, argv)).run();
    } catch (const std::exception& error) {
        std::cerr << "simulation: " << error.what() << '\n' << kUsage;
    }
    remove_places();
    return code;
}
