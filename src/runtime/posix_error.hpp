/// errno as an Error of ours.
#pragma once

#include <string>
#include <string_view>

#include "fluentsync/error.hpp"

namespace fluentsync::runtime {

/// "cannot <action> '<path>': <the system's words> (<name>); <what to do>". `number` is an errno.
[[noreturn]] void throw_errno(int number, std::string_view action, const std::string& path,
                              ErrorCode code = ErrorCode::io);

}  // namespace fluentsync::runtime
