/// Keeps the number of packs bounded: each fetch, each push by path and each large commit leaves one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

struct git_repository;

namespace fluentsync::git {

/// Joins small packs into one where `git gc --auto` would (see most_small_packs()), and removes them. Which
/// they are small_packs() and packs_to_join() say. Returns how many went.
///
/// Whoever made a pack, it goes only when each object of its index was read from it, compared with its id,
/// and stands in the new pack, which is on the disk with its name before the first goes. One that has an
/// object that cannot be read, or is larger than tuning::kJoinedPackBytes, stays as it is. Those that go are
/// removed as git's own `repack -d` does it, the index first: a git that is at work there and misses an
/// object lists the packs anew. A crash leaves old and new ones beside each other, or a pack without index,
/// which git takes for garbage. Other repositories that borrow objects from this one find them as before;
/// what this one borrows is not looked at.
///
/// `spool`: a folder for a temporary file. Asks `give_up` between two objects; when that says yes, all is as
/// it was, or the new pack is there and some old ones are left.
std::size_t join_packs(git_repository* repository, const std::string& spool,
                       const std::function<bool()>& give_up);

/// Whether join_packs() would find something to do. Cost: a look at each pack's name.
bool has_many_packs(git_repository* repository);

}  // namespace fluentsync::git
