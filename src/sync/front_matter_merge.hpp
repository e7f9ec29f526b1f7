/// The YAML of three versions of a note merged by key: the part of note_merge.hpp that knows of keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fluentsync/note_merge.hpp"
#include "fluentsync/options.hpp"

namespace fluentsync::sync {

/// The merged block, and the keys' conflicts behind those of `conflicts`. Nothing when it does not merge by
/// key. Throws Error(invalid_front_matter) where one does not parse.
std::optional<std::string> merge_front_matter(std::string_view base, std::string_view winner,
                                              std::string_view loser, const MergeRules& rules,
                                              std::vector<KeyConflict>& conflicts);

}  // namespace fluentsync::sync
