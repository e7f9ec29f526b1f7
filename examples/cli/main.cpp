// fluentsync: the library as a program. It uses the public headers alone.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <exception>
#include <fluentsync/error.hpp>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "output.hpp"

namespace {

/// A file that is opened must not become what is printed to.
void open_standard_streams() {
    int opened = 0;
    do
        opened = open("/dev/null", O_RDWR);
    while (opened >= 0 && opened <= STDERR_FILENO);
    if (opened >= 0) close(opened);
}

}  // namespace

int main(int argc, char** argv) {
    open_standard_streams();
    // A reader that left is told by the write itself.
    signal(SIGPIPE, SIG_IGN);
    try {
        const int code = cli::run_words({argv + 1, argv + argc});
        cli::flush_output();
        return code;
    } catch (const fluentsync::Error& error) {
        cli::complain(error.what());
        return cli::exit_code(error.code());
    } catch (const std::exception& error) {
        cli::complain(error.what());
        return cli::kEnvironment;
    }
}
