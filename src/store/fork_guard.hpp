/// A child of fork() that opens a database of its own.
#pragma once

namespace fluentsync::store {

/// From now on fork() waits until no other thread is inside SQLite's memory, random numbers and files: what
/// they hold there would stay locked in the child for ever. Once for the process; later calls do nothing.
void guard_forks();

}  // namespace fluentsync::store
