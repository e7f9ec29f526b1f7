// fluentsync: the library as a program. It uses the public headers alone.
#include <signal.h>

#include <exception>
#include <fluentsync/error.hpp>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "output.hpp"

int main(int argc, char** argv) {
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
