/// Entities as people write them: about 2 KB of Markdown with front matter, the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fluentsync/entity.hpp"

namespace fluentsync::bench {

/// Entity number `index`; another revision is another content of the same entity.
EntityDraft make_entity(std::size_t index, std::uint64_t revision = 0);

/// Entities `first` to `first + count - 1`.
std::vector<EntityDraft> make_entities(std::size_t first, std::size_t count, std::uint64_t revision = 0);

}  // namespace fluentsync::bench
