#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "../shrink.hpp"

using namespace simulation;

namespace {

Step step_of(const std::string& verb, std::uint64_t a, std::uint64_t b = 0) {
    Step step;
    step.verb = verb;
    step.a = a;
    step.b = b;
    return step;
}

bool is_put(const Step& step) {
    return step.verb == "put" && step.a == 3;
}
bool is_crash(const Step& step) {
    return step.verb == "crash";
}

/// A world that loses a text when a put of 3 comes before a crash, and does not converge after three steps of
/// mv.
std::string attempt(const Script& script) {
    const auto& steps = script.steps;
    const auto put = std::find_if(steps.begin(), steps.end(), is_put);
    if (std::find_if(put, steps.end(), is_crash) != steps.end()) {
        return "nothing lost: T00" + std::to_string(steps.size()) + "E is nowhere to be found";
    }
    const auto moves =
        std::count_if(steps.begin(), steps.end(), [](const Step& step) { return step.verb == "mv"; });
    return moves >= 3 ? "converges: replica 1, store and files: note/a.md is nothing" : "";
}

Script noisy() {
    Script script;
    script.setup.replicas = 3;
    script.setup.debounce_ms = 7;
    for (std::uint64_t i = 0; i < 40; ++i) {
        script.steps.push_back(step_of(i % 3 == 0 ? "mv" : "run", i, i));
    }
    Step put = step_of("put", 3, 77);
    put.during = 2;
    put.after = 5;
    script.steps.insert(script.steps.begin() + 11, put);
    script.steps.insert(script.steps.begin() + 30, step_of("crash", 9, 4));
    return script;
}

}  // namespace

TEST_CASE("shrink: what is left breaks the same promise, and none of it can be left out") {
    const Script script = noisy();
    const Script small = shrink(script, attempt(script), attempt);
    REQUIRE(small.steps.size() == 2);
    CHECK(small.steps[0] == step_of("put", 3));
    CHECK(small.steps[1] == step_of("crash", 0));
    CHECK(small.setup.replicas == 1);
    CHECK(small.setup.debounce_ms == 1000);
}

TEST_CASE("shrink: another failure on the way is not followed") {
    const Script script = noisy();
    const Script small =
        shrink(script, "converges: replica 0, store and files: task/b.md is nothing", [](const Script& one) {
            const std::string failure = attempt(one);
            return failure.rfind("nothing lost", 0) == 0 && one.steps.size() > 20
                       ? "converges: replica 2, store and files: x"
                       : failure;
        });
    REQUIRE(small.steps.size() == 3);
    for (const Step& step : small.steps) {
        CHECK(step.verb == "mv");
    }
}

TEST_CASE("shrink: it ends after so many tries, with what it has") {
    const Script script = noisy();
    int tries = 0;
    const Script small = shrink(
        script, attempt(script),
        [&](const Script& one) {
            ++tries;
            return attempt(one);
        },
        5);
    CHECK(tries == 5);
    CHECK(small.steps.size() < script.steps.size());
    CHECK(attempt(small).rfind("nothing lost", 0) == 0);
}
