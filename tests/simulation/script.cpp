#include "script.hpp"

#include <array>
#include <istream>
#include <sstream>
#include <stdexcept>

namespace simulation {

namespace {

struct Verb {
    const char* name;
    int weight;
};

/// How often each happens, of 1000 or so.
constexpr std::array kVerbs{
    Verb{"run", 300},    // One piece of work of whatever is ready.
    Verb{"wait", 90},    // Time passes, and what becomes due runs.
    Verb{"put", 90},     // The store's user writes an entity ...
    Verb{"del", 15},     // ... deletes one ...
    Verb{"resolve", 8},  // ... settles a conflict ...
    Verb{"confirm", 4},  // ... lets held deletions go.
    Verb{"write", 70},   // A person writes a file in place ...
    Verb{"save", 50},    // ... as an editor does, by a temporary and a rename ...
    Verb{"again", 12},   // ... by deleting it and making it anew ...
    Verb{"keep", 15},    // ... with the same size and the old time ...
    Verb{"touch", 8},    // ... without a change ...
    Verb{"bad", 15},     // ... with front matter that does not parse ...
    Verb{"plain", 15},   // ... or a file that is no entity.
    Verb{"rm", 25},      // A person removes a file,
    Verb{"mv", 20},      // renames one,
    Verb{"mvdir", 8},    // renames a folder,
    Verb{"rmdir", 4},    // removes one.
    Verb{"taken", 0},    // Their git writes over a file what HEAD has; scripts alone say so.
    Verb{"drop", 8},     // An event is lost,
    Verb{"double", 8},   // told twice,
    Verb{"swap", 8},     // told too late.
    Verb{"flood", 4},    // The kernel's queue runs over.
    Verb{"commit", 15},  // Calls of the API that wait:
    Verb{"pull", 20},   Verb{"push", 20},   Verb{"sync", 15},
    Verb{"flush", 10},  Verb{"offline", 6},  // The remote is out of reach, or back.
    Verb{"lost", 6},                         // A push arrives whose answer does not.
    Verb{"crash", 14},                       // The process dies at a point to come.
    Verb{"fail", 10},                        // A call of the file system fails, or a row of them.
    Verb{"restart", 8},                      // The process ends in order and starts again.
    Verb{"start", 25},                       // A dead one starts again.
    Verb{"jump", 8},                         // Somebody sets the clock.
};

/// Those that were thought of later take the place of some, chosen apart: so what a seed stood for before, it
/// stands for still, but for these. Of kLaterOf steps one. One more is for scripts alone, for the model does
/// not say yet what comes of it beside all others: "mount" has a folder's file system appear, go away and
/// come back.
constexpr int kLaterOf = 40;
constexpr std::array kLaterVerbs{
    Verb{"fresh", 5},  // A file goes the moment that it is there, in a folder that was made for it.
    Verb{"mend", 5},   // A person puts in order what does not parse,
    Verb{"rule", 3},   // tells git to convert some files, or none,
    Verb{"mark", 4},   // or to leave a file alone, or no longer.
};

/// What a person or another machine can do while a thread is in the middle of something.
constexpr std::array kMeanwhile{"put",   "del", "write", "save",  "again",   "keep", "touch", "bad",
                                "plain", "rm",  "mv",    "mvdir", "resolve", "run",  "sync"};

/// SplitMix64: the same numbers on every machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    int below(int limit) { return static_cast<int>(next() % static_cast<std::uint64_t>(limit)); }

  private:
    std::uint64_t state_;
};

template <std::size_t count>
std::string any_verb(Random& random, const std::array<Verb, count>& verbs) {
    int total = 0;
    for (const Verb& verb : verbs) {
        total += verb.weight;
    }
    int at = random.below(total);
    for (const Verb& verb : verbs) {
        at -= verb.weight;
        if (at < 0) return verb.name;
    }
    return verbs[0].name;
}

Step any_step(Random& random, const Setup& setup) {
    Step step;
    step.verb = any_verb(random, kVerbs);
    step.replica = random.below(setup.replicas);
    step.a = static_cast<std::uint64_t>(random.below(1000));
    step.b = static_cast<std::uint64_t>(random.below(1000));
    if (random.below(8) == 0) {
        step.during = random.below(setup.replicas);
        step.after = random.below(40);
        step.verb = kMeanwhile[static_cast<std::size_t>(random.below(static_cast<int>(kMeanwhile.size())))];
    }
    return step;
}

void strew_later_verbs(Script& script, std::uint64_t seed) {
    Random random(~seed);
    for (Step& step : script.steps) {
        if (random.below(kLaterOf) == 0 && !step.during) step.verb = any_verb(random, kLaterVerbs);
    }
}

}  // namespace

Script generate(std::uint64_t seed, const GenerateOptions& options) {
    Random random(seed);
    Script script;
    Setup& setup = script.setup;
    setup.seed = seed;
    const int replicas = 1 + random.below(3);
    setup.replicas = options.replicas > 0 ? options.replicas : replicas;
    setup.git = setup.replicas > 1 || random.below(4) > 0;
    setup.automatic = random.below(3) > 0;
    setup.sharded = random.below(4) == 0;
    setup.file_policy = random.below(2) == 0 ? 0 : random.below(4);
    setup.remote_policy = random.below(2) == 0 ? 0 : random.below(3);
    setup.debounce_ms = std::array{0, 50, 1000}[static_cast<std::size_t>(random.below(3))];
    for (int i = 0; i < options.steps; ++i) {
        script.steps.push_back(any_step(random, setup));
    }
    strew_later_verbs(script, seed);
    return script;
}

std::string to_text(const Step& step) {
    std::ostringstream out;
    if (step.during) out << '@' << *step.during << '+' << step.after << ' ';
    out << step.verb << ' ' << step.replica << ' ' << step.a << ' ' << step.b;
    return out.str();
}

std::string to_text(const Script& script) {
    const Setup& setup = script.setup;
    std::ostringstream out;
    out << "# seed " << setup.seed << '\n'
        << "setup " << setup.replicas << ' ' << setup.git << ' ' << setup.automatic << ' ' << setup.sharded
        << ' ' << setup.file_policy << ' ' << setup.remote_policy << ' ' << setup.debounce_ms << '\n';
    for (const Step& step : script.steps) {
        out << to_text(step) << '\n';
    }
    return out.str();
}

Script parse_script(std::istream& in) {
    Script script;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        std::istringstream words(line);
        std::string first;
        if (!(words >> first) || first[0] == '#') continue;
        bool good = true;
        if (first == "setup") {
            Setup& setup = script.setup;
            good =
                static_cast<bool>(words >> setup.replicas >> setup.git >> setup.automatic >> setup.sharded >>
                                  setup.file_policy >> setup.remote_policy >> setup.debounce_ms);
        } else {
            Step step;
            if (first[0] == '@') {
                const auto plus = first.find('+');
                if (plus == std::string::npos) throw std::runtime_error("line " + std::to_string(number));
                step.during = std::stoi(first.substr(1, plus - 1));
                step.after = std::stoi(first.substr(plus + 1));
                words >> first;
            }
            step.verb = first;
            good = static_cast<bool>(words >> step.replica >> step.a >> step.b);
            script.steps.push_back(step);
        }
        if (!good) throw std::runtime_error("line " + std::to_string(number) + " of the script: " + line);
    }
    return script;
}

}  // namespace simulation
