/// Other programs, without a shell.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

extern char** environ;

namespace fluentsync::support {

using Arguments = std::vector<std::string>;

/// A child in a process group of its own, with its standard output in a pipe. Killed with its group at the
/// end.
class Child {
  public:
    explicit Child(const Arguments& arguments, bool errors_too = false) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        output_ = ends[0];
        const int code = spawn(arguments, ends[1], errors_too);
        close(ends[1]);
        if (code != 0) {
            close(output_);
            throw std::runtime_error("cannot start " + arguments.front() + ": " + std::strerror(code));
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) {
            kill(-pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        close(output_);
    }

    /// Up to a newline or the end.
    std::string read_line() {
        std::string line;
        char c = 0;
        while (read_some(&c, 1) == 1 && c != '\n')
            line += c;
        return line;
    }

    std::string read_all() {
        std::string all;
        char buffer[4096];
        for (ssize_t count; (count = read_some(buffer, sizeof buffer)) > 0;) {
            all.append(buffer, static_cast<std::size_t>(count));
        }
        return all;
    }

    /// The exit code; 128 and the signal's number when a signal ended it.
    int wait() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    bool ended() {
        if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
        return pid_ < 0;
    }

  private:
    /// git must not read the machine's configuration, nor ask anybody anything.
    static std::vector<std::string> environment() {
        std::vector<std::string> result;
        for (char** entry = environ; *entry; ++entry) {
            if (std::strncmp(*entry, "GIT_", 4) != 0) result.emplace_back(*entry);
        }
        for (const char* fixed :
             {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0",
              "GIT_AUTHOR_NAME=Test", "GIT_AUTHOR_EMAIL=test@localhost", "GIT_COMMITTER_NAME=Test",
              "GIT_COMMITTER_EMAIL=test@localhost"}) {
            result.emplace_back(fixed);
        }
        return result;
    }

    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> result;
        for (std::string& text : texts)
            result.push_back(text.data());
        result.push_back(nullptr);
        return result;
    }

    int spawn(Arguments arguments, int output, bool errors_too) {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        if (errors_too) {
            posix_spawn_file_actions_adddup2(&actions, output, 2);
        } else {
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        }
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        auto variables = environment();
        const int code = posix_spawnp(&pid_, arguments.front().c_str(), &actions, &attributes,
                                      pointers(arguments).data(), pointers(variables).data());
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }

    ssize_t read_some(char* buffer, std::size_t size) {
        for (;;) {
            const ssize_t count = read(output_, buffer, size);
            if (count >= 0 || errno != EINTR) return count;
        }
    }

    pid_t pid_ = -1;
    int output_ = -1;
};

struct ProgramResult {
    int exit_code = -1;
    std::string output;
};

/// Runs to the end. Standard error comes along when asked for.
inline ProgramResult run_program(const Arguments& arguments, bool errors_too = false) {
    Child child(arguments, errors_too);
    ProgramResult result;
    result.output = child.read_all();
    result.exit_code = child.wait();
    return result;
}

/// Output without the last newline; throws unless the program succeeded.
inline std::string must_run(const Arguments& arguments) {
    ProgramResult result = run_program(arguments, true);
    if (result.exit_code != 0) {
        std::string line;
        for (const std::string& argument : arguments)
            line += argument + " ";
        throw std::runtime_error(line + "failed: " + result.output);
    }
    if (!result.output.empty() && result.output.back() == '\n') result.output.pop_back();
    return result.output;
}

/// git, run in `folder`.
inline std::string run_git(const std::string& folder, Arguments arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", folder});
    return must_run(arguments);
}

}  // namespace fluentsync::support
