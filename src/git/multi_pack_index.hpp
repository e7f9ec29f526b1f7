/// git's multi-pack-index, which says where the objects of many packs lie. For bodies of this floor only.
#pragma once

#include <optional>
#include <set>
#include <string>

namespace fluentsync::git {

/// The packs that those of a folder of packs name, as "pack-<hash>": they must stay. Empty where there is no
/// such index; nothing where one cannot be understood, a chain of several, say.
std::optional<std::set<std::string>> packs_in_multi_pack_index(const std::string& pack_folder);

}  // namespace fluentsync::git
