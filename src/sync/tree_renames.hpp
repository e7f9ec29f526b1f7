/// Edits follow exact renames when two histories meet.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "git/tree.hpp"

namespace fluentsync::sync {

/// From the path before to the path after: a blob that goes in one place and comes in another within one
/// difference. Only where it does so once, and never the empty one: of several copies nobody could tell which
/// is which.
std::map<std::string, std::string> exact_renames(const std::vector<git::TreeDelta>& deltas);

/// A path that one side renamed and the other edited.
struct FollowedRename {
    std::string before;
    std::string after;
    git::TreeFile edited;  ///< What the path after gets.
};

/// Those that one side renamed in `renaming` and the other edited in `editing`, which has nothing of its own
/// at the path after.
std::vector<FollowedRename> followed_renames(const std::vector<git::TreeDelta>& renaming,
                                             const std::vector<git::TreeDelta>& editing);

}  // namespace fluentsync::sync
