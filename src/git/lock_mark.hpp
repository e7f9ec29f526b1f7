/// Locks that a dead process of ours has left. For bodies of this floor only.
#pragma once

#include <string>

namespace fluentsync::git {

/// Takes `lock` away when its mark says that it is ours, and no living process holds that. Marks that are
/// left alone go with it. True: it is gone.
bool remove_dead_lock(const std::string& lock);

}  // namespace fluentsync::git
