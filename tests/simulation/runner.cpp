#include "runner.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <filesystem>

#include "world.hpp"

namespace simulation {

namespace {

namespace fs = std::filesystem;

/// In memory where the system has such a place. Each process has its own.
fs::path root() {
    static const fs::path parent = [] {
        const char* chosen = std::getenv("TMPDIR");
        const fs::path memory = "/dev/shm";
        return chosen != nullptr                     ? fs::path(chosen)
               : ::access(memory.c_str(), W_OK) == 0 ? memory
                                                     : fs::temp_directory_path();
    }();
    return parent / ("fluentsync-simulation-" + std::to_string(::getpid()));
}

}  // namespace

Outcome run_script(const Script& script, const std::function<void(const std::string&)>& tell) {
    static int count = 0;
    const fs::path place = root() / std::to_string(++count);
    fs::create_directories(place);
    Outcome outcome;
    {
        World world(script.setup, place);
        world.on_trace = tell;
        try {
            world.run(script);
        } catch (const std::exception& error) {
            outcome.failure = error.what();
        }
        outcome.trace = world.trace_hash();
        outcome.performed = world.performed;
    }
    std::error_code ignored;
    fs::remove_all(place, ignored);
    return outcome;
}

void remove_places() {
    std::error_code ignored;
    fs::remove_all(root(), ignored);
}

}  // namespace simulation
