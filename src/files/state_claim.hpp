/// The state folder before anything in it is believed.
#pragma once

#include <string>

namespace fluentsync::files {

/// Makes .fluentsync in the folder at this absolute path where there is none. Throws Error(cannot_open) where
/// it, or anything in it that a claim goes by, is not ours by the rule of StateFolder; what others may read
/// is theirs no more.
void claim_state_folder(const std::string& root);

}  // namespace fluentsync::files
