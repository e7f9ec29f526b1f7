/// Which packs of a repository may be joined, and which of them are. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/library.hpp"

namespace fluentsync::git {

/// A pack that may be replaced by another that has all of it.
struct SmallPack {
    std::string stem;  ///< Its path without ".pack".
    std::uintmax_t bytes = 0;
};

/// Those of this folder: no larger than tuning::kJoinedPackBytes, with an index, and without a file beside
/// them by which git keeps them apart (.keep, .promisor, .mtimes, .bitmap); no multi-pack-index names them,
/// and they may be removed by this process. The smallest first.
std::vector<SmallPack> small_packs(const std::string& pack_folder);

/// Of more packs than `most`, the smallest first, those to be joined: half of them, and on as long as a pack
/// is no larger than twice what all before it hold, as git's `repack --geometric=2` has it. So however many
/// come, a byte is copied a few times, and few packs are left. No more than tuning::kJoinBytes. Empty: leave
/// them.
std::vector<SmallPack> packs_to_join(std::vector<SmallPack> packs, std::size_t most);

/// How many small packs there may be before they are joined: gc.autoPackLimit, or tuning::kSmallPacks.
/// Nothing: a person wants no such upkeep (that one or gc.auto is 0, maintenance.auto is false, and of a bare
/// repository receive.autogc), or a git gc is at work there.
std::optional<std::size_t> most_small_packs(git_repository* repository);

}  // namespace fluentsync::git
