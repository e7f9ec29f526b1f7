/// Objects in the form a pack holds them. For bodies of this floor only.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "git/library.hpp"
#include "git/pack_index.hpp"

namespace fluentsync::git {

/// A piece of a pack: entries, one after the other. The offsets count from its start.
struct PackEntries {
    std::string bytes;
    std::vector<PackedObject> objects;
};

/// Hashed by libgit2's collision-detecting SHA-1.
base::ObjectId hash_object(git_object_t type, std::string_view data);

/// Turns objects into pack entries (header and zlib data, level 1). For one thread.
class PackEntryEncoder {
  public:
    PackEntryEncoder();
    PackEntryEncoder(const PackEntryEncoder&) = delete;
    PackEntryEncoder& operator=(const PackEntryEncoder&) = delete;
    ~PackEntryEncoder();
    /// Throws Error(corrupt) where the object is not what `id` says, by hash_object().
    void append(git_object_t type, const base::ObjectId& id, std::string_view data, PackEntries& to);

  private:
    void deflate_to(std::string& to, std::string_view data);

    z_stream stream_{};
};

/// "PACK", the version, and how many objects follow.
std::array<char, 12> pack_header(std::uint32_t objects);

}  // namespace fluentsync::git
