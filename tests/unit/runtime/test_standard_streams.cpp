#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>

#include "folder_variants.hpp"
#include "runtime/loop_body.hpp"
#include "runtime/posix_path.hpp"
#include "temp_folder.hpp"

using namespace fluentsync;
using namespace fluentsync::runtime;

namespace {

bool standard_streams_are_closed() {
    for (int stream = 0; stream <= STDERR_FILENO; ++stream)
        if (::fcntl(stream, F_GETFD) != -1) return false;
    return true;
}

/// In a process of its own, whose streams are closed. 0: as it should be.
int use_without_streams(const std::string& path) {
    for (int stream = 0; stream <= STDERR_FILENO; ++stream)
        ::close(stream);
    const auto loop = LoopBody::own();
    const auto folder = open_folder(path, false);
    const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    return file.get() > STDERR_FILENO && standard_streams_are_closed() ? 0 : 1;
}

}  // namespace

TEST_CASE("no descriptor of ours is a standard stream, also where those are closed") {
    const TempFolder temp;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        int code = 2;
        try {
            code = use_without_streams(temp.path);
        } catch (...) {
        }
        ::_exit(code);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
TEST_CASE("a file that memory does not hold is refused by its path") {
    TempFolder temp;
    temp.put("huge", "x");
    std::filesystem::resize_file(temp / "huge", 1ull << 40);
    const auto folder = open_folder(temp.path, false);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
    const rlimit small{1ull << 36, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_AS, &small) == 0);
    std::string bytes;
    ErrorCode code = ErrorCode::ok;
    try {
        folder->read("huge", std::numeric_limits<std::uint64_t>::max(), bytes);
    } catch (const PathRefused& error) {
        code = error.code();
    }
    ::setrlimit(RLIMIT_AS, &before);
    CHECK(code == ErrorCode::too_large);
}
#endif
