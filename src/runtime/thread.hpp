/// Threads of ours inside somebody else's process.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace fluentsync::runtime {

/// Starts a thread named `name` (cut to 15 characters) on which the host's signal handlers never run: signals
/// that a process receives stay blocked in it, those of a fault do not.
std::thread start_thread(const std::string& name, std::function<void()> body);

/// The calling thread gives way to the host's: bulk work must not make a loop's timers late.
void lower_priority() noexcept;

}  // namespace fluentsync::runtime
