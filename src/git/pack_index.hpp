/// The index of a pack, which says where each object lies. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/object_id.hpp"

namespace fluentsync::git {

struct PackedObject {
    base::ObjectId id;
    std::uint32_t crc = 0;     ///< CRC-32 of the entry as it stands in the pack.
    std::uint64_t offset = 0;  ///< Where the entry begins, from the start of the pack.
};

/// The bytes of the index, version 2, as gitformat-pack(5) has it. `objects`: all of the pack's, each once,
/// in any order. `trailer`: the pack's checksum, its last 20 bytes.
std::string pack_index(std::vector<PackedObject> objects, const base::ObjectId& trailer);

}  // namespace fluentsync::git
