/// Which of the three classes tells its observers of an event.
#pragma once

#include "fluentsync/event.hpp"

namespace fluentsync::base {

bool told_by_store(EventKind kind) noexcept;
bool told_by_directory(EventKind kind) noexcept;
bool told_by_git(EventKind kind) noexcept;

}  // namespace fluentsync::base
