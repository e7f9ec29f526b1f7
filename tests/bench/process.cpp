#include "process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

extern char** environ;

namespace fluentsync::bench {

namespace {

std::vector<std::string> environment() {
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (std::strncmp(*entry, "GIT_", 4) != 0) {
            variables.emplace_back(*entry);
        }
    }
    for (const char* fixed :
         {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0",
          "GIT_AUTHOR_NAME=Bench", "GIT_AUTHOR_EMAIL=bench@localhost", "GIT_COMMITTER_NAME=Bench",
          "GIT_COMMITTER_EMAIL=bench@localhost", "GIT_CONFIG_COUNT=4", "GIT_CONFIG_KEY_0=gc.auto",
          "GIT_CONFIG_VALUE_0=0", "GIT_CONFIG_KEY_1=maintenance.auto", "GIT_CONFIG_VALUE_1=false",
          "GIT_CONFIG_KEY_2=init.defaultBranch", "GIT_CONFIG_VALUE_2=main", "GIT_CONFIG_KEY_3=pull.rebase",
          "GIT_CONFIG_VALUE_3=false"}) {
        variables.emplace_back(fixed);
    }
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

/// Output and errors go to `pipe_end`.
pid_t spawn(Arguments arguments, std::vector<std::string>& variables, int pipe_end) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe_end, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipe_end, STDERR_FILENO);
    pid_t pid = -1;
    const int code = posix_spawnp(&pid, arguments.front().c_str(), &actions, nullptr,
                                  pointers(arguments).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0) {
        throw std::runtime_error(fmt::format("cannot start {}: {}", arguments.front(), std::strerror(code)));
    }
    return pid;
}

std::string read_all(int descriptor) {
    std::string all;
    char buffer[4096];
    for (;;) {
        const ssize_t count = read(descriptor, buffer, sizeof buffer);
        if (count > 0) {
            all.append(buffer, static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            return all;
        }
    }
}

}  // namespace

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Run run_program(const Arguments& arguments) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    auto variables = environment();
    const auto start = Clock::now();
    pid_t pid = -1;
    try {
        pid = spawn(arguments, variables, ends[1]);
    } catch (...) {
        close(ends[0]);
        close(ends[1]);
        throw;
    }
    close(ends[1]);
    Run run;
    run.start = start;
    run.output = read_all(ends[0]);
    close(ends[0]);
    int status = 0;
    rusage usage = {};
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    run.ms = milliseconds_since(start);
    run.peak_kib = usage.ru_maxrss;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error(fmt::format("{} failed: {}", fmt::join(arguments, " "), run.output));
    }
    return run;
}

Run run_git(const std::string& folder, Arguments arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", folder});
    return run_program(arguments);
}

Run run_self(Arguments arguments) {
    static const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    arguments.insert(arguments.begin(), {self, "child"});
    return run_program(arguments);
}

}  // namespace fluentsync::bench
