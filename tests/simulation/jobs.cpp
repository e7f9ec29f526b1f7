#include "jobs.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <vector>

namespace simulation {

namespace {

/// Does not return.
void be_process(const std::function<void()>& work) {
    int code = 0;
    try {
        work();
    } catch (const std::exception& error) {
        std::cerr << "simulation: " << error.what() << std::endl;
        code = 2;
    }
    std::cout.flush();
    std::fflush(stdout);
    ::_exit(code);
}

}  // namespace

SharedTally::SharedTally() {
    void* const memory =
        ::mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "shared memory");
    tally_ = new (memory) Tally;
}

SharedTally::~SharedTally() {
    ::munmap(tally_, sizeof(Tally));
}

void in_processes(int jobs, Tally& tally, const std::function<void(int job)>& work) {
    if (jobs == 1) return work(0);
    std::cout.flush();
    std::fflush(stdout);
    std::vector<pid_t> processes;
    for (int job = 0; job < jobs; ++job) {
        const pid_t process = ::fork();
        if (process < 0)
            throw std::system_error(errno, std::generic_category(), "a process cannot be started");
        if (process == 0) be_process([&] { work(job); });
        processes.push_back(process);
    }
    for (std::size_t job = 0; job < processes.size(); ++job) {
        int status = 0;
        if (::waitpid(processes[job], &status, 0) < 0 || status == 0) continue;
        ++tally.failures;
        std::cout << "seed " << tally.current_seed.at(job) << ": the process died, by "
                  << (WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                          : "exit code " + std::to_string(WEXITSTATUS(status)))
                  << std::endl;
    }
}

}  // namespace simulation
