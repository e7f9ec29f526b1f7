/// The logs of references, as a repository keeps them. For bodies of this floor only.
#pragma once

#include <string>
#include <vector>

#include "base/object_id.hpp"

namespace fluentsync::git {

/// Values that the reference has had, the newest first. Lines that are torn are passed over.
std::vector<base::ObjectId> values_in_log(const std::string& git_folder, const std::string& name);

/// Takes lines out that name any of these, of the log of `name` and of HEAD's: git checks what they name.
void forget_in_logs(const std::string& git_folder, const std::string& name,
                    const std::vector<base::ObjectId>& lost);

}  // namespace fluentsync::git
