/// errno as an Error of ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fluentsync/error.hpp"

namespace fluentsync::runtime {

/// "cannot <action> '<path>': <the system's words> (<name>); <what to do>". `number` is an errno.
[[noreturn]] void throw_errno(int number, std::string_view action, const std::string& path,
                              ErrorCode code = ErrorCode::io);

/// That file is too large for this machine; another may not be.
[[noreturn]] void throw_out_of_memory(const std::string& path, std::uint64_t size);

}  // namespace fluentsync::runtime
