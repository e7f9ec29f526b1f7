/// The compressed bitmaps in which a split index says which entries of the shared one it replaces or leaves
/// out. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fluentsync::git {

/// Takes one bitmap (EWAH, as git's documentation has it) off the front of `bytes` and appends the numbers of
/// its bits that are set. False where it is torn.
bool read_bitmap(std::string_view& bytes, std::vector<std::size_t>& set);

}  // namespace fluentsync::git
