/// Symbolic links themselves; what they lead to is never looked at.
#pragma once

#include <optional>
#include <string>

#include "runtime/posix_path.hpp"

namespace fluentsync::runtime {

/// Where the link leads; nothing when there is none. `path` is for messages.
std::optional<std::string> link_target_at(const Place& place, const std::string& path);
/// False when the name is taken. What root makes in another's folder belongs to whom that belongs to.
bool make_link_at(const Place& place, const std::string& target, const std::string& path);

}  // namespace fluentsync::runtime
