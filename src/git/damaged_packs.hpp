/// Packs that are torn, or have no index. For bodies of this floor only.
#pragma once

#include <string>
#include <vector>

namespace fluentsync::git {

/// See set_damaged_objects_aside(). Adds a line for each to `told`.
void mend_packs(const std::string& folder, std::vector<std::string>& told);

}  // namespace fluentsync::git
