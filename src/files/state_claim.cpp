#include "files/state_claim.hpp"

#include "files/layout.hpp"
#include "fluentsync/state_folder.hpp"

namespace fluentsync::files {

void claim_state_folder(const std::string& root) {
    const StateFolder state = StateFolder::make(root);
    for (const char* file : {kLockFile, kMarkerFile, kIgnoreFile})
        state.check_file(last_segment(file));
}

}  // namespace fluentsync::files
