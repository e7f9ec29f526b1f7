/// Threads of ours inside somebody else's process.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace fluentsync::runtime {

/// Starts a thread named `name` (cut to 15 characters) on which the host's signal handlers never run: signals
/// that a process receives stay blocked in it, those of a fault do not.
std::thread start_thread(const std::string& name, std::function<void()> body);

/// The calling thread gives way to the host's when processors are short: whatever wakes runs before it, and
/// with `by` (steps of nice) its share is smaller too. So that bulk work does not make a loop's timers late.
void give_way(int by) noexcept;

}  // namespace fluentsync::runtime
