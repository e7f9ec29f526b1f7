/// Connections that wait for the next process of their machine: a restart prepares no statement anew.
#pragma once

namespace simulation {

/// Closes those that wait.
void close_connections();

}  // namespace simulation
